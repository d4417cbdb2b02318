internal import JSON

/// Translates the tools and the tool choice of the Messages API.
enum MessagesTools {
    static func add(_ request: MessagesFields, to body: inout JSONObject) throws(MessagesError) {
        let tools = try request.objects("tools")
        let choice = try request.object("tool_choice")
        guard !tools.isEmpty else {
            guard choice == nil else { throw .invalid("tool_choice: It may only be specified while providing tools") }
            return
        }
        var functions: [JSONValue] = []
        for tool in tools { functions.append(try function(tool)) }
        body["tools"] = .array(functions)
        guard let choice else { return }
        body["tool_choice"] = try openAI(choice)
        if try choice.bool("disable_parallel_tool_use") { body["parallel_tool_calls"] = false }
    }

    private static func function(_ tool: MessagesFields) throws(MessagesError) -> JSONValue {
        if let type = try tool.optionalString("type"), type != "custom" {
            throw .invalid("\(tool.path(of: "type")): '\(type)' is not a custom tool, and only Anthropic's models support it")
        }
        var function: JSONObject = ["name": .string(try tool.string("name"))]
        function["description"] = try tool.optionalString("description").map { .string($0) }
        let schema = try tool.required("input_schema")
        function["parameters"] = .object(try MessagesFields(schema, at: tool.path(of: "input_schema")).members)
        if try tool.bool("strict") { function["strict"] = true }
        return ["type": "function", "function": .object(function)]
    }

    private static func openAI(_ choice: MessagesFields) throws(MessagesError) -> JSONValue {
        switch try choice.string("type") {
        case "auto": "auto"
        case "any": "required"
        case "none": "none"
        case "tool": ["type": "function", "function": ["name": .string(try choice.string("name"))]]
        default: throw choice.wrong("type", "'auto', 'any', 'tool' or 'none'")
        }
    }
}

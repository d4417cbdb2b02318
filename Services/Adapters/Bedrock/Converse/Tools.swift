internal import AdapterKit
internal import JSON

/// Translates tools and the tool choice into Converse.
enum Tools {
    /// The `toolConfig` of a request; `nil` without tools.
    ///
    /// - Parameter isUsed: whether the conversation contains tool calls. Bedrock accepts these only in requests with the tools.
    static func config(_ request: JSONObject, isUsed: Bool) throws(AdapterError) -> JSONValue? {
        guard let tools = request["tools"]?.arrayValue, !tools.isEmpty else { return nil }
        var config: JSONObject = [:]
        var list: [JSONValue] = []
        for tool in tools {
            list.append(try specification(tool))
            if let cacheControl = tool["cache_control"], cacheControl != .null { list.append(Content.cachePoint(cacheControl)) }
        }
        config["tools"] = .array(list)
        switch request["tool_choice"] {
        case nil, .null, .string("auto"): break
        case .string("none"):
            guard isUsed else { return nil }
            throw .unsupported("\(ConverseRequest.models) don't support 'tool_choice' none in a conversation with tool calls")
        case .string("required"): config["toolChoice"] = ["any": [:]]
        case .object(let choice):
            guard let name = choice["function"]?["name"] else { throw .invalid("'tool_choice.function.name' is missing") }
            config["toolChoice"] = ["tool": ["name": name]]
        default: throw .invalid("'tool_choice' must be none, auto, required or a function object")
        }
        return .object(config)
    }

    private static func specification(_ tool: JSONValue) throws(AdapterError) -> JSONValue {
        guard tool["type"] == "function" else {
            throw .unsupported("\(ConverseRequest.models) accept only tools of type 'function'")
        }
        guard let function = tool["function"], let name = function["name"], name.stringValue != nil else {
            throw .invalid("every tool in 'tools' must have a 'function.name'")
        }
        var specification: JSONObject = ["name": name]
        if let description = function["description"], ![.null, ""].contains(description) {
            specification["description"] = description
        }
        let schema = function["parameters"].flatMap { $0 == .null ? nil : $0 } ?? ["type": "object", "properties": [:]]
        specification["inputSchema"] = ["json": schema]
        if function["strict"] == true { specification["strict"] = true }
        return ["toolSpec": .object(specification)]
    }
}

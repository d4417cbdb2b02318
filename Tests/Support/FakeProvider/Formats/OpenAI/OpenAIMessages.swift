internal import JSON

/// Parses the messages and tools of a chat in OpenAI's format.
enum OpenAIMessages {
    static func read(_ messages: [JSONValue], into prompt: inout Prompt, status: Int = 400) throws(Failure) {
        // Tool calls without results.
        var open: [String] = []
        for (index, value) in messages.enumerated() {
            let message = try Fields(value, at: "messages[\(index)]", status: status)
            let role = try message.requiredString("role")
            if role != "tool", !open.isEmpty {
                throw Failure(
                    status,
                    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
                        + "The following tool_call_ids did not have response messages: \(open.joined(separator: ", "))",
                    param: "messages")
            }
            switch role {
            case "system", "developer": prompt.append(try text(message, needed: true))
            case "user": prompt.appendUser(try text(message, needed: true))
            case "assistant":
                open = try calls(message)
                prompt.append(try text(message, needed: open.isEmpty && message["refusal"] == nil && message["audio"] == nil))
            case "tool":
                let id = try message.requiredString("tool_call_id")
                guard let position = open.firstIndex(of: id) else {
                    throw Failure(
                        status, "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
                        param: "messages.[\(index)].role")
                }
                open.remove(at: position)
                prompt.appendToolResult(try text(message, needed: true))
            default:
                throw message.invalid(
                    "role", "'\(role)'. Supported values are: 'system', 'assistant', 'user', 'tool', and 'developer'.")
            }
        }
    }

    /// A message's content: a string, or the text parts of an array.
    private static func text(_ message: Fields, needed: Bool) throws(Failure) -> String {
        switch message["content"] {
        case nil:
            guard !needed else { throw message.wrongType("content", "one of a string or array of objects") }
            return ""
        case .string(let text): return text
        case .array(let parts):
            var texts: [String] = []
            for (index, value) in parts.enumerated() {
                let part = try Fields(value, at: "\(message.location)content[\(index)]", status: message.status)
                switch try part.requiredString("type") {
                case "text": texts.append(try part.requiredString("text"))
                case "refusal": texts.append(try part.requiredString("refusal"))
                case "image_url": _ = try part.requiredFields("image_url").requiredString("url")
                case "input_audio": _ = try part.requiredFields("input_audio").requiredString("data")
                case "file": _ = try part.requiredFields("file")
                case let type: throw part.invalid("type", "'\(type)'.")
                }
            }
            return texts.joined(separator: " ")
        default: throw message.wrongType("content", "one of a string or array of objects")
        }
    }

    /// The IDs of an assistant's tool calls.
    private static func calls(_ message: Fields) throws(Failure) -> [String] {
        var ids: [String] = []
        for (index, value) in (try message.array("tool_calls") ?? []).enumerated() {
            let call = try Fields(value, at: "\(message.location)tool_calls[\(index)]", status: message.status)
            let function = try call.requiredFields("function")
            _ = try function.requiredString("name")
            _ = try function.requiredString("arguments")
            ids.append(try call.requiredString("id"))
        }
        return ids
    }

    static func readTools(_ fields: Fields, into prompt: inout Prompt) throws(Failure) {
        for (index, value) in (try fields.array("tools") ?? []).enumerated() {
            let tool = try Fields(value, at: "tools[\(index)]", status: fields.status)
            let type = try tool.requiredString("type")
            guard type == "function" else { throw tool.invalid("type", "'\(type)'. Supported values are: 'function'.") }
            let function = try tool.requiredFields("function")
            let parameters = try function.fields("parameters")?.object ?? [:]
            prompt.tools.append(.init(name: try function.requiredString("name"), schema: .object(parameters)))
        }
        guard let choice = fields["tool_choice"] else { return }
        guard !prompt.tools.isEmpty else {
            throw Failure(fields.status, "'tool_choice' is only allowed when 'tools' are specified.", param: "tool_choice")
        }
        switch choice {
        case "auto": break
        case "none": prompt.toolChoice = .none
        case "required", "any": prompt.toolChoice = .any
        default:
            let name = try fields.requiredFields("tool_choice").requiredFields("function").requiredString("name")
            guard prompt.tools.contains(where: { $0.name == name }) else {
                throw Failure(fields.status, "Tool choice '\(name)' not found in 'tools' parameter.", param: "tool_choice")
            }
            prompt.toolChoice = .named(name)
        }
    }

    static func readStops(_ fields: Fields, into prompt: inout Prompt) throws(Failure) {
        switch fields["stop"] {
        case nil: break
        case .string(let text): prompt.stops = [text]
        case .array(let list):
            guard list.count <= 4 else { throw fields.invalid("stop", "array too long. Expected an array with maximum length 4.") }
            prompt.stops = try fields.strings("stop") ?? []
        default: throw fields.wrongType("stop", "one of a string or array of strings")
        }
    }

    static func readFormat(_ fields: Fields, into prompt: inout Prompt) throws(Failure) {
        guard let format = try fields.fields("response_format") else { return }
        switch try format.requiredString("type") {
        case "text": break
        case "json_object": prompt.form = .json
        case "json_schema":
            let schema = try format.requiredFields("json_schema")
            _ = try schema.requiredString("name")
            prompt.form = .schema(.object(try schema.fields("schema")?.object ?? [:]))
        case let type: throw format.invalid("type", "'\(type)'. Supported values are: 'json_object', 'json_schema', and 'text'.")
        }
    }
}

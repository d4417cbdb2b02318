internal import JSON

/// The model of all providers. It echoes the last user message, and is deterministic.
///
/// - It calls the first tool if the text contains "call the tool", each tool for "call every tool", and a tool that it is required to call.
///   It echoes the result of a tool.
/// - JSON output is `{"echo": …}`, or conforms to the schema.
struct EchoModel {
    /// One of the requested choices.
    struct Choice {
        var text: String
        var toolCalls: [ToolCall] = []
        var finish: Finish
        /// The number of completion tokens.
        var tokens: Int

        /// The text in parts of one token each.
        var parts: [Substring] { Words.split(text) }
    }

    struct ToolCall {
        var name: String
        var input: JSONValue
        var arguments: String

        /// The name and each word of the arguments count as tokens.
        var tokens: Int { 1 + Words.count(arguments) }
    }

    enum Finish: Equatable {
        case end
        case stop(String)
        case length
        case toolCalls
    }

    let directives: Directives
    let choices: [Choice]
    let tokens: Tokens

    init(_ prompt: Prompt) {
        directives = Directives(model: prompt.model, text: prompt.lastText)
        choices = (0..<prompt.choices).map { [directives] in Self.choice($0, prompt, directives) }
        let more = directives.read + directives.write + directives.writeForAnHour + directives.tools
        tokens = Tokens(
            prompt: prompt.words + more, read: directives.read, written: directives.write,
            writtenForAnHour: directives.writeForAnHour, tools: directives.tools, completion: choices.reduce(0) { $0 + $1.tokens },
            tier: directives.tier ?? prompt.tier)
    }

    private static func choice(_ index: Int, _ prompt: Prompt, _ directives: Directives) -> Choice {
        let calls = toolCalls(prompt)
        if !calls.isEmpty {
            return Choice(text: "", toolCalls: calls, finish: .toolCalls, tokens: calls.reduce(0) { $0 + $1.tokens })
        }
        var text = text(index, prompt, directives)
        var finish = Finish.end
        for stop in prompt.stops where !stop.isEmpty {
            guard let range = text.firstRange(of: stop) else { continue }
            text = String(text[..<range.lowerBound])
            finish = .stop(stop)
        }
        var tokens = Words.count(text)
        if let limit = prompt.limit, tokens > limit {
            text = Words.split(text).prefix(limit).joined()
            tokens = limit
            finish = .length
        }
        return Choice(text: text, finish: finish, tokens: tokens)
    }

    private static func text(_ index: Int, _ prompt: Prompt, _ directives: Directives) -> String {
        if let count = directives.words { return (1...max(count, 1)).map { "word\($0)" }.joined(separator: " ") }
        let said = prompt.toolResult ?? prompt.lastText
        switch prompt.form {
        // Additional choices differ in their first word.
        case .text: return index == 0 ? "echo: " + said : "echo-\(index): " + said
        case .json: return JSONValue.object(["echo": .string(said)]).jsonString
        case .schema(let schema): return SchemaSample.value(of: schema, text: said).jsonString
        }
    }

    private static func toolCalls(_ prompt: Prompt) -> [ToolCall] {
        guard !prompt.tools.isEmpty, prompt.toolResult == nil else { return [] }
        let called: [Prompt.Tool]
        switch prompt.toolChoice {
        case .none: called = []
        case .named(let name): called = prompt.tools.filter { $0.name == name }
        case .any: called = [prompt.tools[0]]
        case .automatic:
            if prompt.lastText.contains("call every tool") {
                called = prompt.tools
            } else {
                called = prompt.lastText.contains("call the tool") ? [prompt.tools[0]] : []
            }
        }
        return called.map { tool in
            let input = SchemaSample.value(of: tool.schema, text: prompt.lastText)
            return ToolCall(name: tool.name, input: input, arguments: input.jsonString)
        }
    }
}

/// Creates the simplest value that conforms to a JSON schema.
enum SchemaSample {
    /// - Parameter text: the text whose last word becomes the value of strings.
    static func value(of schema: JSONValue, text: String) -> JSONValue {
        if let first = schema["enum"]?.arrayValue?.first { return first }
        if let constant = schema["const"] { return constant }
        if let first = (schema["anyOf"] ?? schema["oneOf"])?.arrayValue?.first { return value(of: first, text: text) }
        let type = schema["type"]?.arrayValue?.first ?? schema["type"]
        switch type?.stringValue?.lowercased() {
        case "string": return .string(lastWord(text))
        case "integer", "number": return 7
        case "boolean": return true
        case "array": return .array(schema["items"].map { [value(of: $0, text: text)] } ?? [])
        case "null": return .null
        default:
            let properties = schema["properties"]?.objectValue?.members ?? []
            return .object(JSONObject(properties.map { .init(name: $0.name, value: value(of: $0.value, text: text)) }))
        }
    }

    private static func lastWord(_ text: String) -> String {
        let word = Words.split(text).last ?? ""
        return String(word.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace || $0.isPunctuation }.reversed())
    }
}

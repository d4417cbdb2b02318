internal import JSON

/// A prompt, independent of the provider's format.
struct Prompt {
    var model: String
    /// The number of words in all messages.
    var words = 0
    /// The last user message.
    var lastText = ""
    /// The result of a tool, if it is the last message.
    var toolResult: String?
    var tools: [Tool] = []
    var toolChoice = ToolChoice.automatic
    /// The maximum length of the response in tokens.
    var limit: Int?
    var stops: [String] = []
    /// The number of choices.
    var choices = 1
    var form = Form.text
    /// The requested service tier.
    var tier = Tokens.Tier.standard

    struct Tool {
        var name: String
        /// The JSON schema of its arguments.
        var schema: JSONValue
    }

    enum ToolChoice: Equatable {
        case automatic
        case none
        case any
        case named(String)
    }

    enum Form {
        case text
        case json
        case schema(JSONValue)
    }

    init(model: String) {
        self.model = model
    }

    /// Sets the requested service tier. Unknown names become the default tier.
    mutating func ask(for tier: String?) { self.tier = tier.flatMap(Tokens.Tier.init) ?? .standard }

    /// Adds a message that isn't from the user.
    mutating func append(_ text: String) {
        words += Words.count(text)
        toolResult = nil
    }

    mutating func appendUser(_ text: String) {
        append(text)
        lastText = text
    }

    mutating func appendToolResult(_ text: String) {
        append(text)
        toolResult = text
    }
}

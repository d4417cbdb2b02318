internal import JSON

/// What a model is asked, whichever provider's form it came in.
struct Prompt {
    var model: String
    /// The words of all texts.
    var words = 0
    /// What the user said last.
    var lastText = ""
    /// The result of a tool, if that is what came last.
    var toolResult: String?
    var tools: [Tool] = []
    var toolChoice = ToolChoice.automatic
    /// The longest response in tokens.
    var limit: Int?
    var stops: [String] = []
    /// How many answers.
    var choices = 1
    var form = Form.text
    /// The service tier that was asked for.
    var tier = Tokens.Tier.standard

    struct Tool {
        var name: String
        /// Of its arguments.
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

    /// Takes the service tier that a request asks for; another name is the default one.
    mutating func ask(for tier: String?) { self.tier = tier.flatMap(Tokens.Tier.init) ?? .standard }

    /// Takes what somebody but the user said.
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

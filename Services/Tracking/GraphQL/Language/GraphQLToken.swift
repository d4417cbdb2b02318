/// A lexical token of GraphQL (spec.graphql.org, "Lexical Tokens").
struct GraphQLToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case punctuator(GraphQLPunctuator)
        case name(String)
        /// The digits as written in the document.
        case int(String)
        case float(String)
        /// The decoded string, without quotation marks.
        case string(String)
        case end
    }

    var kind: Kind
    var position: GraphQLPosition

    /// The token as shown in error messages.
    var text: String {
        switch kind {
        case .punctuator(let punctuator): "'\(punctuator.rawValue)'"
        case .name(let name): "Name \"\(name)\""
        case .int(let digits): "Int \"\(digits)\""
        case .float(let digits): "Float \"\(digits)\""
        case .string: "String"
        case .end: "the end of the document"
        }
    }
}

enum GraphQLPunctuator: String, Sendable {
    case exclamationMark = "!"
    case dollar = "$"
    case ampersand = "&"
    case openParenthesis = "("
    case closeParenthesis = ")"
    case spread = "..."
    case colon = ":"
    case equals = "="
    case at = "@"
    case openBracket = "["
    case closeBracket = "]"
    case openBrace = "{"
    case closeBrace = "}"
    case pipe = "|"

    /// Converts a punctuator of a single byte.
    init?(_ byte: UInt8) {
        guard byte < 0x80, let punctuator = Self(rawValue: String(Unicode.Scalar(byte))) else { return nil }
        self = punctuator
    }
}

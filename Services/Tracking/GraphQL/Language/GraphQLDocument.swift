/// A parsed request document: its operations and fragments.
struct GraphQLDocument: Hashable, Sendable {
    var operations: [GraphQLOperation] = []
    var fragments: [GraphQLFragment] = []
}

struct GraphQLOperation: Hashable, Sendable {
    enum Kind: String, Sendable {
        case query, mutation, subscription
    }

    var kind: Kind
    var name: String?
    var variables: [GraphQLVariableDefinition] = []
    var directives: [GraphQLDirective] = []
    var selections: [GraphQLSelection]
}

/// The definition of a variable.
struct GraphQLVariableDefinition: Hashable, Sendable {
    var name: String
    var type: GraphQLTypeReference
    var defaultValue: GraphQLLiteral?
    var directives: [GraphQLDirective] = []
}

/// A named fragment.
struct GraphQLFragment: Hashable, Sendable {
    var name: String
    /// The name of the type that the fragment selects from.
    var type: String
    var directives: [GraphQLDirective] = []
    var selections: [GraphQLSelection]
}

indirect enum GraphQLSelection: Hashable, Sendable {
    case field(GraphQLField)
    case fragmentSpread(name: String, directives: [GraphQLDirective])
    case inlineFragment(type: String?, directives: [GraphQLDirective], selections: [GraphQLSelection])
}

struct GraphQLField: Hashable, Sendable {
    var alias: String?
    var name: String
    var arguments: [GraphQLArgument] = []
    var directives: [GraphQLDirective] = []
    /// Empty if the field has no braces; braces are never empty.
    var selections: [GraphQLSelection] = []

    /// The name of the member in the response.
    var responseKey: String { alias ?? name }
}

struct GraphQLArgument: Hashable, Sendable {
    var name: String
    var value: GraphQLLiteral
}

struct GraphQLDirective: Hashable, Sendable {
    var name: String
    var arguments: [GraphQLArgument] = []
}

/// A literal value in a document.
indirect enum GraphQLLiteral: Hashable, Sendable {
    case variable(String)
    case int(String)
    case float(String)
    case string(String)
    case bool(Bool)
    case null
    case enumeration(String)
    case list([GraphQLLiteral])
    case object([GraphQLArgument])
}

/// A type reference in a document, such as `[String!]`.
indirect enum GraphQLTypeReference: Hashable, Sendable, CustomStringConvertible {
    case named(String)
    case list(GraphQLTypeReference)
    case nonNull(GraphQLTypeReference)

    var description: String {
        switch self {
        case .named(let name): name
        case .list(let element): "[\(element)]"
        case .nonNull(let type): "\(type)!"
        }
    }
}

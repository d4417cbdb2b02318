/// What clients can ask for, as far as a document is checked against it.
struct GraphQLSchema: Sendable {
    let query: GraphQLObjectDefinition
    let mutation: GraphQLObjectDefinition
    private let objects: [String: GraphQLObjectDefinition]
    private let inputs: [String: GraphQLInputType]
    let directives: [String: GraphQLDirectiveDefinition]

    init(query: GraphQLObjectDefinition, mutation: GraphQLObjectDefinition) {
        self.query = query
        self.mutation = mutation
        var objects: [String: GraphQLObjectDefinition] = [:]
        var inputs: [String: GraphQLInputType] = [:]
        for scalar in GraphQLScalar.allCases { inputs[scalar.rawValue] = .scalar(scalar) }
        var pending = [query, mutation]
        while let object = pending.popLast() {
            objects[object.name] = object
            pending += object.fields.compactMap(\.object)
            for input in object.fields.compactMap(\.argument) { input.type.collect(into: &inputs) }
        }
        self.objects = objects
        self.inputs = inputs
        directives = GraphQLDirectiveDefinition.known
    }

    func object(named name: String) -> GraphQLObjectDefinition? { objects[name] }

    /// The input type that a document names; `nil` if there is none.
    func input(_ reference: GraphQLTypeReference) -> GraphQLInputType? {
        switch reference {
        case .named(let name): inputs[name]
        case .list(let element): input(element).map { .list($0) }
        case .nonNull(let type): input(type).map { .nonNull($0) }
        }
    }

    /// Whether a type of this name exists, for input or output.
    func knowsType(named name: String) -> Bool { objects[name] != nil || inputs[name] != nil }

    /// The type that operations of a kind select from; `nil` if there are none.
    func root(of kind: GraphQLOperation.Kind) -> GraphQLObjectDefinition? {
        switch kind {
        case .query: query
        case .mutation: mutation
        case .subscription: nil
        }
    }
}

/// An object type without the functions that write its fields.
struct GraphQLObjectDefinition: Sendable {
    let name: String
    let fields: [GraphQLFieldDefinition]

    subscript(field: String) -> GraphQLFieldDefinition? { fields.first { $0.name == field } }
}

struct GraphQLFieldDefinition: Sendable {
    let name: String
    let type: GraphQLTypeReference
    /// The type to select from; `nil` for scalars, enumerations and lists of them.
    let object: GraphQLObjectDefinition?
    /// The argument that the field takes. MLflow's fields have one at most.
    var argument: GraphQLArgumentDefinition?
}

struct GraphQLArgumentDefinition: Sendable {
    let name: String
    let type: GraphQLInputType
}

/// A directive, and where it may stand.
struct GraphQLDirectiveDefinition: Sendable {
    enum Location: String, Sendable {
        case query, mutation, subscription, field
        case fragmentDefinition = "fragment definition"
        case fragmentSpread = "fragment spread"
        case inlineFragment = "inline fragment"
        case variableDefinition = "variable definition"
    }

    let argument: GraphQLArgumentDefinition
    let locations: Set<Location>

    /// Those of the language that a request can use, and `@component`, by which MLflow's UI says which part of it asks.
    static let known: [String: GraphQLDirectiveDefinition] = {
        let condition = GraphQLDirectiveDefinition(
            argument: GraphQLArgumentDefinition(name: "if", type: .nonNull(.scalar(.boolean))),
            locations: [.field, .fragmentSpread, .inlineFragment])
        let component = GraphQLDirectiveDefinition(
            argument: GraphQLArgumentDefinition(name: "name", type: .nonNull(.scalar(.string))), locations: [.query, .mutation])
        return ["include": condition, "skip": condition, "component": component]
    }()
}

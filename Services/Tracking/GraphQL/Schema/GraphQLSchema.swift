/// The part of the schema that validation needs.
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

    /// The input type that a reference names; `nil` if it doesn't exist.
    func input(_ reference: GraphQLTypeReference) -> GraphQLInputType? {
        switch reference {
        case .named(let name): inputs[name]
        case .list(let element): input(element).map { .list($0) }
        case .nonNull(let type): input(type).map { .nonNull($0) }
        }
    }

    /// Whether an input or output type of this name exists.
    func hasType(named name: String) -> Bool { objects[name] != nil || inputs[name] != nil }

    /// The root type of a kind of operation; `nil` if the kind isn't supported.
    func root(of kind: GraphQLOperation.Kind) -> GraphQLObjectDefinition? {
        switch kind {
        case .query: query
        case .mutation: mutation
        case .subscription: nil
        }
    }
}

/// The definition of an object type, without the functions that write its fields.
struct GraphQLObjectDefinition: Sendable {
    let name: String
    let fields: [GraphQLFieldDefinition]

    subscript(field: String) -> GraphQLFieldDefinition? { fields.first { $0.name == field } }
}

struct GraphQLFieldDefinition: Sendable {
    let name: String
    let type: GraphQLTypeReference
    /// The object type to select from; `nil` for scalars, enumerations and lists of them.
    let object: GraphQLObjectDefinition?
    /// The field's argument; MLflow's fields have at most one.
    var argument: GraphQLArgumentDefinition?
}

struct GraphQLArgumentDefinition: Sendable {
    let name: String
    let type: GraphQLInputType
}

/// A directive and its allowed locations.
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

    /// The standard directives for requests, and `@component`, with which MLflow's UI names the component that sent a query.
    static let known: [String: GraphQLDirectiveDefinition] = {
        let condition = GraphQLDirectiveDefinition(
            argument: GraphQLArgumentDefinition(name: "if", type: .nonNull(.scalar(.boolean))),
            locations: [.field, .fragmentSpread, .inlineFragment])
        let component = GraphQLDirectiveDefinition(
            argument: GraphQLArgumentDefinition(name: "name", type: .nonNull(.scalar(.string))), locations: [.query, .mutation])
        return ["include": condition, "skip": condition, "component": component]
    }()
}

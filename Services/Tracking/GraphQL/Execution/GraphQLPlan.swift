internal import WireProtocol

/// A decoded GraphQL request.
struct GraphQLRequest: Sendable {
    var query: String
    /// The operation to execute; required only if the document contains several.
    var operationName: String?
    var variables = JSONObject()
}

/// A validated operation, ready for execution.
struct GraphQLPlan: Sendable {
    /// The type that the operation selects from: `Query` or `Mutation`.
    let typeName: String
    let selection: GraphQLSelectionSet

    /// Parses and validates a request. Reads no stores, and the limits bound the run time.
    init(
        _ request: GraphQLRequest, schema: GraphQLSchema, limits: GraphQLLimits = .standard
    ) throws(GraphQLRequestError) {
        let document = try GraphQLRequestError.wrap { () throws(GraphQLError) in
            let document = try GraphQLParser.parse(request.query, limits: limits)
            try GraphQLComplexityCheck.check(document, limits: limits)
            return document
        }
        let errors = GraphQLValidator.errors(in: document, schema: schema, limits: limits)
        guard errors.isEmpty else { throw GraphQLRequestError(errors: errors) }
        (typeName, selection) = try GraphQLRequestError.wrap { () throws(GraphQLError) in
            let operation = try Self.operation(named: request.operationName, in: document)
            guard let root = schema.root(of: operation.kind) else { throw GraphQLError("Unsupported type of operation.") }
            let variables = try GraphQLInputCoercion.variables(operation.variables, values: request.variables, schema: schema)
            let fieldCollector = GraphQLFieldCollector(document, variables: variables)
            return (root.name, try fieldCollector.selectionSet(operation.selections, of: root))
        }
    }

    private static func operation(named name: String?, in document: GraphQLDocument) throws(GraphQLError) -> GraphQLOperation {
        guard let name else {
            guard let operation = document.operations.first else { throw GraphQLError("Must provide an operation.") }
            guard document.operations.count == 1 else {
                throw GraphQLError("Must provide operation name if query contains multiple operations.")
            }
            return operation
        }
        guard let operation = document.operations.first(where: { $0.name == name }) else {
            throw GraphQLError("Unknown operation named '\(name)'.")
        }
        return operation
    }
}

/// The errors that prevent a request from being executed.
struct GraphQLRequestError: Error, Sendable {
    let errors: [GraphQLError]

    fileprivate static func wrap<Result>(
        _ body: () throws(GraphQLError) -> Result
    ) throws(GraphQLRequestError) -> Result {
        do throws(GraphQLError) {
            return try body()
        } catch {
            throw GraphQLRequestError(errors: [error])
        }
    }
}

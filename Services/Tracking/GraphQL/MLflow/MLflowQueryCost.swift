internal import WireProtocol

/// What a query may ask for in all: as much as one REST request of the same kind.
enum MLflowQueryCost {
    /// - Throws: when the fields of the query together ask for more.
    static func check(_ selection: GraphQLSelectionSet) throws(GraphQLError) {
        let sum = selection.fields.reduce(0) { $0 + share(of: $1) }
        guard sum <= 1 else {
            throw GraphQLError(
                "The query asks for too many results at once. Lower maxResults, or send its fields as queries of their own.")
        }
    }

    /// What a field asks for, as a part of what a REST request may ask for. One that asks for more is refused when it is read, with
    /// REST's message.
    private static func share(of field: GraphQLSelectedField) -> Double {
        switch field.name {
        case "mlflowSearchRuns": part(limit(field) ?? 1_000, of: Double(RunQuery.maximumResults))
        case "mlflowGetMetricHistoryBulkInterval":
            part((limit(field) ?? 2_500) * Double(field.input?["run_ids"]?.arrayValue?.count ?? 0), of: 250_000)
        case "mlflowSearchModelVersions":
            // A response has one page at most.
            part(min(limit(field) ?? .infinity, Double(MLflowResolvers.modelVersionLimit)), of: 100_000)
        default: 0
        }
    }

    private static func part(_ asked: Double, of limit: Double) -> Double { min(max(asked / limit, 0), 1) }

    private static func limit(_ field: GraphQLSelectedField) -> Double? { field.input?["max_results"]?.doubleValue }
}

internal import WireProtocol

/// The limit on a query's results: all fields together may request as many as one REST request of the same kind.
enum MLflowQueryCost {
    /// - Throws: `GraphQLError` if the query's fields together request more.
    static func check(_ selection: GraphQLSelectionSet) throws(GraphQLError) {
        let sum = selection.fields.reduce(0) { $0 + share(of: $1) }
        guard sum <= 1 else {
            throw GraphQLError(
                "The query requests too many results at once. Lower maxResults, or send its fields in separate queries.")
        }
    }

    /// The results that a field requests, as a fraction of a REST request's limit. A field that exceeds the limit by itself is
    /// rejected during execution, with REST's message.
    private static func share(of field: GraphQLSelectedField) -> Double {
        switch field.name {
        case "mlflowSearchRuns": part(limit(field) ?? 1_000, of: Double(RunQuery.maximumResults))
        case "mlflowGetMetricHistoryBulkInterval":
            part((limit(field) ?? 2_500) * Double(field.input?["run_ids"]?.arrayValue?.count ?? 0), of: 250_000)
        case "mlflowSearchModelVersions":
            // A response contains at most one page.
            part(min(limit(field) ?? .infinity, Double(MLflowResolvers.modelVersionLimit)), of: 100_000)
        default: 0
        }
    }

    private static func part(_ asked: Double, of limit: Double) -> Double { min(max(asked / limit, 0), 1) }

    private static func limit(_ field: GraphQLSelectedField) -> Double? { field.input?["max_results"]?.doubleValue }
}

internal import MLflowAPI
internal import SearchFilter
internal import WireProtocol

/// A parsed request to search traces.
struct TraceQuery: Sendable {
    var experiments: [Int64]
    var comparisons: [Comparison]
    var order: [OrderBy]
    var limit: Int
    var offset: Int

    /// - Parameter experiments: the IDs of the experiments to search.
    /// - Throws: `ServiceError` or `FilterError` for an invalid query.
    init(_ fields: MessageFields, experiments: [String]) throws {
        let filter = try fields.string("filter") ?? ""
        let limit = try fields.value("max_results").map { value in
            guard let limit = value.integerValue.flatMap({ Int32(exactly: $0) }) else {
                throw MessageFields.wrongType("max_results", value)
            }
            return limit
        }
        let order = try fields.strings("order_by")
        let token = try fields.string("page_token")
        self.limit = try Self.checked(Int64(limit ?? Int32(TraceLimit.defaultPageSize)))
        comparisons = try Grammar.traces.comparisons(in: filter)
        for comparison in comparisons { try TraceConditions.check(comparison) }
        self.order = try Grammar.traces.order(by: order)
        offset = try PageToken.offset(of: token)
        for key in self.order where key.entity == .metadata && [TraceKey.tokens, TraceKey.cost].contains(key.key) {
            throw ServiceError.invalidParameter(
                "Ordering by reserved metadata '\(key.key)' is not supported because it is represented by multiple columns.")
        }
        self.experiments = try ExperimentIDs.parse(experiments)
    }

    private static func checked(_ limit: Int64) throws -> Int {
        guard limit <= TraceLimit.pageSize else {
            throw MessageFields.wrongType("max_results", .integer(limit))
        }
        return try PageSize.checked(limit)
    }
}

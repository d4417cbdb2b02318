internal import SearchFilter
internal import WireProtocol

/// A parsed request to search runs.
struct RunQuery: Sendable {
    static let maximumResults: Int32 = 50_000
    private static let defaultResults: Int32 = 1000

    var experiments: [Int64]
    var stages: [LifecycleStage]
    var comparisons: [Comparison]
    var order: [OrderBy]
    var limit: Int
    var offset: Int

    init(_ fields: MessageFields) throws {
        let experiments = try fields.strings("experiment_ids")
        let filter = try fields.string("filter") ?? ""
        let view: ViewType = try fields.enumeration("run_view_type") ?? .activeOnly
        let limit = try fields.int32("max_results") ?? Self.defaultResults
        let orderBy = try fields.strings("order_by")
        try Self.check(limit: limit)
        comparisons = try Grammar.runs.comparisons(in: filter)
        order = try Grammar.runs.order(by: orderBy)
        offset = try PageToken.offset(of: try fields.string("page_token"))
        self.experiments = try experiments.map(ExperimentID.parse)
        stages = view.stages
        self.limit = Int(limit)
    }

    private static func check(limit: Int32) throws {
        guard limit <= maximumResults else {
            throw ServiceError.invalidParameter(
                "Invalid value \(limit) for parameter 'max_results' supplied:  Hint: Value was of type 'int'. See the API docs for"
                    + " more information about request parameters.")
        }
        guard limit > 0 else {
            throw ServiceError.invalidParameter(
                "Invalid value \(limit) for parameter 'max_results' supplied. It must be a positive integer")
        }
    }
}

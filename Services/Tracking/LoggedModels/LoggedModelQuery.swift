internal import SearchFilter
internal import ServiceKit
internal import WireProtocol

/// What a client searches logged models for.
struct LoggedModelQuery: Sendable {
    /// How many results a page has unless the client asks for another number, or for 0.
    private static let defaultPageSize = 50

    var experimentIDs: [String]
    var filter: String?
    /// If not empty, only models with metrics on one of these data sets are found, and filters on metrics look at these only.
    var datasets: [LoggedModelDatasetFilter] = []
    var pageSize = defaultPageSize
    var order: [LoggedModelOrderBy] = []
    var pageToken: String?

    init(experimentIDs: [String], filter: String? = nil) {
        self.experimentIDs = experimentIDs
        self.filter = filter
    }

    /// - Throws: `ServiceError` for fields that are wrong by themselves.
    init(_ fields: RequestFields) throws {
        experimentIDs = try fields.requiredStrings("experiment_ids")
        filter = try fields.nonEmptyString("filter")
        datasets = try fields.messages("datasets")
        let size = try fields.int32("max_results") ?? 0
        pageSize = size == 0 ? Self.defaultPageSize : try PageSize.checked(Int64(size))
        order = try fields.messages("order_by")
        pageToken = try fields.nonEmptyString("page_token")
        guard order.count <= FilterLimits.orderKeys else {
            throw ServiceError.invalidParameter("`order_by` has \(order.count) keys, and may have \(FilterLimits.orderKeys).")
        }
        guard datasets.allSatisfy({ !$0.name.isEmpty }) else {
            throw ServiceError.invalidParameter("`dataset_name` in the `datasets` clause must be specified.")
        }
    }
}

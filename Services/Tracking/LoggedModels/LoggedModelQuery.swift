internal import MLflowAPI
internal import SearchFilter
internal import WireProtocol

/// A request to search logged models; filter and order are parsed by `LoggedModelSearch`.
struct LoggedModelQuery: Sendable {
    /// The page size if the client requests none, or 0.
    private static let defaultPageSize = 50

    var experimentIDs: [String]
    var filter: String?
    /// If not empty, the search matches only models with metrics on one of these datasets, and metric filters consider only
    /// metrics on these datasets.
    var datasets: [LoggedModelDatasetFilter] = []
    var pageSize = defaultPageSize
    var order: [LoggedModelOrderBy] = []
    var pageToken: String?

    init(experimentIDs: [String], filter: String? = nil) {
        self.experimentIDs = experimentIDs
        self.filter = filter
    }

    /// - Throws: `ServiceError` for fields with the wrong type or out of range.
    init(_ fields: MessageFields) throws {
        experimentIDs = try fields.requiredStrings("experiment_ids")
        filter = try fields.nonEmptyString("filter")
        datasets = try fields.messages("datasets")
        let size = try fields.int32("max_results") ?? 0
        pageSize = size == 0 ? Self.defaultPageSize : try PageSize.checked(Int64(size))
        order = try fields.messages("order_by")
        pageToken = try fields.nonEmptyString("page_token")
        guard order.count <= FilterLimits.orderKeys else {
            throw ServiceError.invalidParameter("`order_by` has \(order.count) keys; at most \(FilterLimits.orderKeys) are allowed.")
        }
        guard datasets.allSatisfy({ !$0.name.isEmpty }) else {
            throw ServiceError.invalidParameter("`dataset_name` in the `datasets` clause must be specified.")
        }
    }
}

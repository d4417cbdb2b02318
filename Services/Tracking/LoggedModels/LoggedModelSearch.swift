internal import Database
internal import MLflowAPI
internal import SearchFilter
internal import ServiceDatabase
internal import WireProtocol

/// Searches logged models, excluding deleted ones.
struct LoggedModelSearch: Sendable {
    let database: any Database

    /// - Throws: `ServiceError` or `FilterError` for an invalid query.
    func find(_ query: LoggedModelQuery) async throws -> Page<LoggedModel> {
        let offset = try LoggedModelPageToken.offset(for: query)
        let comparisons = try Grammar.loggedModels.comparisons(in: query.filter ?? "")
        try Self.checkDatasets(query.datasets, comparisons)
        let experiments = try ExperimentIDs.parse(query.experimentIDs)
        let order = try query.order.map(SortKey.init)
        return try await database.readResponse { connection in
            let sql = LoggedModelSQL(datasets: query.datasets, dialect: connection.dialect)
            let scope: [SQL] = ["m.experiment_id IN (\(.list(experiments)))", "m.lifecycle_stage = 'active'"]
            let rows = try connection.rows(
                """
                SELECT \(LoggedModelRow.columns) FROM logged_models m WHERE \(.all(scope + (try sql.conditions(comparisons))))
                ORDER BY \(try sql.terms(for: order).joined(separator: ", ")) LIMIT \(query.pageSize + 1) OFFSET \(offset)
                """, LoggedModelRow.init)
            let page = Page(found: rows, size: query.pageSize, offset: offset)
            return Page(items: try LoggedModelReader.read(page.items, connection), nextOffset: page.nextOffset)
        }
    }

    /// The maximum number of dataset conditions in a search. Each metric comparison has one per dataset.
    private static let maximumConditions = 100_000

    private static func checkDatasets(_ datasets: [LoggedModelDatasetFilter], _ comparisons: [Comparison]) throws {
        let metrics = max(comparisons.count { $0.entity == .metric }, 1)
        guard datasets.count <= maximumConditions / metrics else {
            throw ServiceError.invalidParameter("The search has too many datasets for its number of metric comparisons.")
        }
    }

    /// A sort key: an attribute, or a metric on a dataset.
    struct SortKey: Sendable {
        var by: OrderBy
        var datasetName: String?
        var datasetDigest: String?

        /// - Throws: `FilterError` for a field that models can't be sorted by.
        init(_ order: LoggedModelOrderBy) throws {
            by = try Grammar.loggedModels.order(byField: order.fieldName, ascending: order.ascending)
            datasetName = order.datasetName
            datasetDigest = order.datasetDigest
        }
    }
}

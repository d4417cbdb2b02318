internal import Database
internal import ServiceKit
internal import SearchFilter
internal import WireProtocol

/// Searches logged models; deleted ones are never found.
struct LoggedModelSearch: Sendable {
    let database: any Database

    /// - Throws: `ServiceError` or `FilterError` for a query that makes no sense.
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

    /// How many conditions on data sets a search may have. Each comparison of a metric has one for every data set.
    private static let maximumConditions = 100_000

    private static func checkDatasets(_ datasets: [LoggedModelDatasetFilter], _ comparisons: [Comparison]) throws {
        let metrics = max(comparisons.count { $0.entity == .metric }, 1)
        guard datasets.count <= maximumConditions / metrics else {
            throw ServiceError.invalidParameter("The search names too many data sets for so many comparisons of metrics.")
        }
    }

    /// What results are sorted by: an attribute, or a metric on a data set.
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

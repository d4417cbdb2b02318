internal import Database
internal import MLflowAPI
internal import SearchFilter
internal import ServiceDatabase
internal import WireProtocol

/// A parsed request to search experiments.
struct ExperimentQuery: Sendable {
    private static let pageSizeLimit = 50_000

    var view = ViewType.activeOnly
    var pageSize: Int
    var order: [OrderBy] = []
    var comparisons: [Comparison] = []
    var offset = 0

    /// - Throws: `ServiceError` or `FilterError` for an invalid query.
    init(_ fields: MessageFields) throws {
        view = try fields.enumeration("view_type") ?? .activeOnly
        let size = try fields.integer("max_results") ?? 0
        let order = try fields.strings("order_by")
        let filter = try fields.string("filter") ?? ""
        let token = try fields.string("page_token")
        pageSize = try PageSize.checked(size, limit: Self.pageSizeLimit)
        comparisons = try Grammar.experiments.comparisons(in: filter)
        self.order = try Grammar.experiments.order(by: order)
        offset = try PageToken.offset(of: token)
    }
}

/// Searches experiments.
struct ExperimentSearch: Sendable {
    let database: any Database

    func find(_ query: ExperimentQuery) async throws -> Page<Experiment> {
        try await database.readResponse { connection in
            let stages: SQL = "lifecycle_stage IN (\(.list(query.view.stages.map(\.rawValue))))"
            let conditions = try query.comparisons.map { try Self.condition($0, connection.dialect) }
            let found = try ExperimentStore.find(
                where: .all([stages] + conditions), orderBy: try Self.terms(for: query.order).joined(separator: ", "),
                limit: query.pageSize + 1, offset: query.offset, connection)
            return Page(found: found, size: query.pageSize, offset: query.offset)
        }
    }

    private static func condition(_ comparison: Comparison, _ dialect: Dialect) throws -> SQL {
        guard comparison.entity == .attribute else {
            return try comparison.condition(
                onAnyOf: "experiment_tags t WHERE t.experiment_id = experiments.id AND t.key = \(comparison.key)", "t.value", dialect)
        }
        // The ID is an integer column, but filters compare it with strings.
        let column: SQL = comparison.key == "experiment_id" ? "CAST(id AS TEXT)" : try column(comparison.key)
        return try comparison.condition(on: column, dialect)
    }

    /// The terms of `ORDER BY`; ties are sorted newest first.
    private static func terms(for order: [OrderBy]) throws -> [SQL] {
        guard !order.isEmpty else { return ["creation_time DESC", "id"] }
        let terms = try order.map { SQL.sorted(by: try column($0.key), ascending: $0.ascending) }
        return order.contains { $0.key == "experiment_id" } ? terms : terms + ["id DESC"]
    }

    private static func column(_ attribute: String) throws -> SQL {
        switch attribute {
        case "name": "name"
        case "experiment_id": "id"
        case "creation_time": "creation_time"
        case "last_update_time": "last_update_time"
        // Unreachable: the grammar rejects other keys.
        default: throw FilterError("Invalid attribute key '\(attribute)' specified.")
        }
    }
}

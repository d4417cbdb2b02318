internal import Database
internal import MLflowAPI
internal import SearchFilter
internal import ServiceDatabase
internal import WireProtocol

/// Searches traces.
struct TraceSearch: Sendable {
    let database: any Database

    func find(_ query: TraceQuery) async throws -> Page<TraceInfoV3> {
        try await database.readResponse { connection in
            guard !query.experiments.isEmpty else { return Page(found: [], size: query.limit, offset: query.offset) }
            let sql = TraceConditions(experiments: query.experiments, connection: connection)
            let scope: SQL = "t.experiment_id IN (\(.list(query.experiments)))"
            let rows = try connection.rows(
                """
                SELECT \(TraceRow.columns) FROM traces t WHERE \(.all([scope] + (try sql.conditions(query.comparisons))))
                ORDER BY \(sql.terms(for: query.order).joined(separator: ", ")) LIMIT \(query.limit + 1) OFFSET \(query.offset)
                """, TraceRow.init)
            let page = Page(found: rows, size: query.limit, offset: query.offset)
            return Page(items: try TraceReader.infos(page.items, connection), nextOffset: page.nextOffset)
        }
    }
}

internal import Database
internal import HTTPServer
internal import MLflowAPI
internal import SearchFilter
internal import WireProtocol

/// Searches runs.
///
/// On SQLite, if a search filters or sorts by logged data, each condition selects the row IDs of its matching runs from an index
/// range, and this process intersects and sorts them. That is much faster than an equivalent single statement and doesn't depend
/// on the query plan. PostgreSQL gets a single statement.
struct RunSearchStore: Sendable {
    let database: any Database
    let keys: KeyInterner
    let reader: RunReader

    /// - Parameter memory: the budget to reserve the memory of the runs from.
    func search(_ query: RunQuery, memory: RequestMemory? = nil) async throws -> Page<Run> {
        try await database.read { [self] connection in
            guard !query.experiments.isEmpty else { return Page(found: [], size: query.limit, offset: query.offset) }
            let rows = try select(query, connection)
            let page = Page(found: rows, size: query.limit, offset: query.offset)
            return Page(items: try reader.read(page.items, memory: memory, connection), nextOffset: page.nextOffset)
        }
    }

    /// Returns the runs of the page, and one more if another page follows.
    private func select(_ query: RunQuery, _ connection: any Connection) throws -> [RunRow] {
        let names = keys.ids(in: query.experiments, connection)
        let scope: SQL = """
            r.experiment_id IN (\(.list(query.experiments))) AND r.lifecycle_stage IN (\(.list(query.stages.map(\.rawValue))))
            """
        if connection.dialect == .postgresql, RunSearchStatement.canSort(by: query.order) {
            return try RunSearchStatement.page(query, scope: scope, keys: names, connection)
        }
        let conditions = try RunConditions(
            query.comparisons, experiments: query.experiments, dialect: connection.dialect, keys: names)
        let candidates = SQL.all([scope] + conditions.attributes)
        if conditions.matches.isEmpty, conditions.exclusions.isEmpty, query.order.isEmpty {
            return try connection.rows(
                """
                SELECT \(RunRow.columns) FROM runs r WHERE \(candidates) ORDER BY r.start_time DESC, r.run_uuid
                LIMIT \(query.limit + 1) OFFSET \(query.offset)
                """, RunRow.init)
        }
        let page = try rank(query, conditions, candidates, names, connection).dropFirst(query.offset).prefix(query.limit + 1)
        return try rows(Array(page), connection)
    }

    /// Returns the row IDs of all matching runs in the requested order.
    private func rank(
        _ query: RunQuery, _ conditions: RunConditions, _ candidates: SQL, _ names: (String) throws -> [Int64],
        _ connection: any Connection
    ) throws -> [Int64] {
        let runs = try connection.rows(
            "SELECT r.id FROM runs r WHERE \(candidates) ORDER BY r.start_time DESC, r.run_uuid"
        ) { $0.int(0) }
        guard !runs.isEmpty else { return [] }
        let positions = RunPositions(runs)
        var selected = try select(runs.count, positions, conditions, connection)
        let order = try query.order.map { order in
            try RunSortKey.read(
                order, candidates: candidates, positions: positions, count: runs.count, keys: names, connection)
        }
        if !order.isEmpty {
            selected.sort { left, right in
                for key in order {
                    if let precedes = key.precedes(left, right) { return precedes }
                }
                return left < right
            }
        }
        return selected.map { runs[$0] }
    }

    /// Returns the positions of the candidates that meet all conditions, ascending.
    private func select(_ count: Int, _ positions: RunPositions, _ conditions: RunConditions, _ connection: any Connection) throws
        -> [Int]
    {
        // The number of consecutive conditions that each candidate has met. An excluded candidate can't reach the total.
        var met = [Int32](repeating: 0, count: count)
        for (index, match) in conditions.matches.enumerated() {
            try connection.query(match) { row in
                // A statement may return a run several times, for several inputs; it counts once.
                if let position = positions[row.int(0)], met[position] == index { met[position] += 1 }
            }
        }
        for exclusion in conditions.exclusions {
            try connection.query(exclusion) { row in
                if let position = positions[row.int(0)] { met[position] = -1 }
            }
        }
        return met.indices.filter { met[$0] == conditions.matches.count }
    }

    private func rows(_ ids: [Int64], _ connection: any Connection) throws -> [RunRow] {
        var found: [Int64: RunRow] = [:]
        for slice in ids.powerOfTwoChunks(limit: 128) {
            try connection.query("SELECT \(RunRow.columns) FROM runs r WHERE r.id IN (\(.list(slice)))") { row in
                found[row.int(0)] = RunRow(row)
            }
        }
        return ids.compactMap { found[$0] }
    }
}

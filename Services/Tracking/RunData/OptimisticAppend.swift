internal import Database
internal import WireProtocol

/// Appends points to cached series with a single autocommit statement on PostgreSQL.
///
/// The statement itself verifies that the series are unchanged and their runs active. The regular path reads before it writes,
/// which takes another round trip.
enum OptimisticAppend {
    /// Adds all of the points or none of them.
    ///
    /// - Parameters:
    ///   - additions: sorted by their keys, each once.
    ///   - known: the series of all of these, from `seriesCache`.
    /// - Returns: whether the points were added. If not, the regular path must add them.
    static func add(
        _ additions: [NewPoints], to known: [RunKey: MetricSeries], _ seriesCache: SeriesCache, _ connection: any Connection
    ) throws -> Bool {
        guard additions.allSatisfy({ follows($0, known[$0.key]) }), let statement = statement(additions, known, connection) else {
            return false
        }
        do {
            try connection.executeAutocommit(statement.sql)
            seriesCache.update(statement.series)
            return true
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            seriesCache.invalidate(known.keys)
            return false
        }
    }

    private static func follows(_ addition: NewPoints, _ series: MetricSeries?) -> Bool {
        guard let latest = series?.latest, let first = addition.points.first else { return false }
        return first > latest
    }

    /// Builds the statement. If a series differs from its cached state or a run isn't active, the statement inserts the latest
    /// points twice. That violates their unique key and so rolls the statement back.
    ///
    /// - Returns: the statement and the resulting series; `nil` if the points don't fit into one statement.
    private static func statement(
        _ additions: [NewPoints], _ known: [RunKey: MetricSeries], _ connection: any Connection
    ) -> (sql: SQL, series: [MetricRows.ChangedSeries])? {
        let dialect = connection.dialect
        let (series, rankEntries) = MetricRows.extended(additions, known)
        let before = series.compactMap { known[$0.key] }
        let changes = dialect.rows(MetricRows.columns(series) + MetricRows.columns(before))
        // All points except the last one of each series.
        let more = MetricRows.insertions(
            of: additions.filter { $0.points.count > 1 }.map { NewPoints(key: $0.key, points: $0.points.dropLast()) }, connection)
        let newRankEntries = MetricRows.insertions(of: rankEntries, connection)
        let runs = dialect.rows([.integers(Set(series.map(\.key.run)).sorted())])
        guard changes.count == 1, more.count <= 1, newRankEntries.count <= 1, runs.count == 1 else { return nil }
        let inactive = dialect.lookUp(
            "runs", as: "r", where: "r.id = wanted.column1 AND r.lifecycle_stage <> \(LifecycleStage.active.rawValue)")
        // Looks up each series by its key, in the order of the keys. With a plain join, the planner may read the whole table and
        // lock in a different order than the regular path. A row that another transaction changes concurrently gets a new ctid and
        // isn't updated.
        var sql: SQL = """
            WITH new AS MATERIALIZED (\(changes[0])),
            changed AS (
                UPDATE latest_metrics t SET step = new.column3, timestamp = new.column4, value = new.column5, is_nan = new.column6,
                    points = new.column7, in_order = new.column8
                FROM new CROSS JOIN LATERAL (
                    SELECT ctid AS place FROM latest_metrics l
                    WHERE l.run_id = new.column1 AND l.key_id = new.column2 AND l.step = new.column9 AND l.timestamp = new.column10
                        AND l.value = new.column11 AND l.is_nan = new.column12 AND l.points = new.column13
                        AND l.in_order = new.column14
                    LIMIT 1) AS found
                WHERE t.ctid = found.place
                RETURNING 1)
            """
        if let insertion = more.first { sql.append(", more AS (\(insertion))") }
        if let insertion = newRankEntries.first { sql.append(", marks AS (\(insertion))") }
        sql.append(
            """
             INSERT INTO metrics (run_id, key_id, step, timestamp, value, is_nan)
            SELECT column1, column2, column3, column4, column5, column6 FROM new
            CROSS JOIN generate_series(1, CASE WHEN (SELECT COUNT(*) FROM changed) = \(Int64(series.count))
                AND NOT EXISTS (SELECT 1 FROM (\(runs[0])) AS wanted \(inactive)) THEN 1 ELSE 2 END)
            """)
        return (sql, series)
    }
}

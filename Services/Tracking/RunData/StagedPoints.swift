internal import Database

/// Logged points that aren't in `metrics` yet. SQLite only.
///
/// `metrics` is clustered by run and metric, as charts read it, so a batch of ten metrics would modify ten pages. Points that
/// follow their series are therefore first written to `fresh_metrics`, one row per request and run. They are compacted into
/// `metrics` when a series crosses a multiple of `compactionThreshold` points, when a point arrives that doesn't follow its series,
/// and before a history is read. `latest_metrics` includes staged points immediately.
///
/// PostgreSQL appends rows to the end of the table regardless of their keys, so writing directly to `metrics` is faster there.
enum StagedPoints {
    private static func isStagingEnabled(_ connection: any Connection) -> Bool { connection.dialect == .sqlite }

    /// A run's points are compacted when one of its series crosses a multiple of this number, counted from the run's row ID.
    static let compactionThreshold: Int64 = 64

    /// Adds points, skipping existing ones. The runs must be locked.
    ///
    /// - Parameters:
    ///   - additions: sorted by unique keys.
    ///   - known: the existing series of these metrics.
    /// - Returns: the series that have grown.
    static func add(
        _ additions: [NewPoints], to known: [RunKey: MetricSeries], _ connection: any Connection
    ) throws -> [MetricRows.ChangedSeries] {
        guard isStagingEnabled(connection) else { return try MetricRows.add(additions, to: known, connection) }
        var rows: [(key: RunKey, rank: Int64, points: [UInt8])] = []
        var series: [MetricRows.ChangedSeries] = []
        var rest: [NewPoints] = []
        for (_, ofRun) in Dictionary(grouping: additions, by: \.key.run).sorted(by: { $0.key < $1.key }) {
            guard ofRun.allSatisfy({ canStage($0, known[$0.key]) }), let first = ofRun.first else {
                rest += ofRun
                continue
            }
            let encoded = ofRun.flatMap { addition in addition.points.map { (key: addition.key.key, point: $0) } }
            rows.append((first.key, known[first.key]?.count ?? 0, PointCodec.encode(encoded)))
            for addition in ofRun {
                guard let (longer, _) = MetricSeries.appending(addition.points, to: known[addition.key]) else { continue }
                series.append((addition.key, longer))
            }
        }
        try compact(Set(rest.map(\.key.run)), connection)
        let others = try MetricRows.add(rest, to: known, connection)
        try MetricRows.update(series, connection)
        let columns = RunKey.columns(rows.map(\.key)) + [.integers(rows.map(\.rank)), .bytes(rows.map(\.points))]
        for rows in connection.dialect.rows(columns) {
            try connection.submit("INSERT INTO fresh_metrics (run_id, key_id, rank, points) \(rows)")
        }
        return series + others
    }

    /// Whether all points follow those of the series, and the series doesn't reach the compaction threshold.
    private static func canStage(_ addition: NewPoints, _ series: MetricSeries?) -> Bool {
        // Runs of one sweep log the same metrics at the same time; adding the run's row ID spreads their compactions.
        let count = (series?.count ?? 0) &+ addition.key.run
        guard (count &+ Int64(addition.points.count)) / compactionThreshold == count / compactionThreshold else { return false }
        guard let latest = series?.latest, let first = addition.points.first else { return true }
        return first > latest
    }

    /// Returns the subset of runs that have staged points.
    static func runs(_ runs: Set<Int64>, _ connection: any Connection) throws -> Set<Int64> {
        guard isStagingEnabled(connection) else { return [] }
        var found: Set<Int64> = []
        for slice in runs.sorted().powerOfTwoChunks(limit: 128) {
            try connection.query("SELECT DISTINCT run_id FROM fresh_metrics WHERE run_id IN (\(.list(slice)))") { found.insert($0.int(0)) }
        }
        return found
    }

    /// Returns the number of staged points per metric of those runs.
    static func counts(_ runs: Set<Int64>, _ connection: any Connection) throws -> [RunKey: Int64] {
        var counts: [RunKey: Int64] = [:]
        for slice in runs.sorted().powerOfTwoChunks(limit: 128) {
            try connection.query("SELECT run_id, points FROM fresh_metrics WHERE run_id IN (\(.list(slice)))") { row in
                for entry in try PointCodec.decode(row.bytes(1)) {
                    counts[RunKey(run: row.int(0), key: entry.key), default: 0] += 1
                }
            }
        }
        return counts
    }

    /// Moves the staged points of those runs to `metrics`. The runs must be locked.
    static func compact(_ runs: Set<Int64>, _ connection: any Connection) throws {
        guard isStagingEnabled(connection) else { return }
        var staged: [RunKey: [MetricPoint]] = [:]
        for slice in runs.sorted().powerOfTwoChunks(limit: 128) {
            try connection.query("DELETE FROM fresh_metrics WHERE run_id IN (\(.list(slice))) RETURNING run_id, points") { row in
                for entry in try PointCodec.decode(row.bytes(1)) {
                    staged[RunKey(run: row.int(0), key: entry.key), default: []].append(entry.point)
                }
            }
        }
        guard !staged.isEmpty else { return }
        let compacted = staged.sorted { $0.key < $1.key }.map { NewPoints(key: $0, points: $1.sorted()) }
        let series = try MetricRows.series(compacted.map(\.key), connection).read(connection)
        try MetricRows.insert(compacted, connection)
        try MetricRows.insertRankEntries(
            compacted.flatMap { points in
                // The staged points are the last ones of the series.
                let rankEntries = series[points.key]?.rankEntries(ofLast: points.points) ?? []
                return rankEntries.map { (points.key, $0) }
            }, connection)
    }
}

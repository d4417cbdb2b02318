internal import Database
internal import Primitives
internal import WireProtocol

/// SQL for reading the history of a metric.
struct MetricHistoryStore: Sendable {
    private let database: any Database
    private let keys: KeyInterner

    /// Points per page when a whole history is streamed, so that a long one needs little memory.
    static let pageSize = 25_000

    init(database: any Database, keys: KeyInterner) {
        self.database = database
        self.keys = keys
    }

    /// Returns the series of one metric for each of those runs, in the order of the run IDs, counting compacted points only.
    /// Compacts staged points first. Omits runs and metrics that don't exist.
    func series(_ runIDs: [String], metric: String) async throws -> [RunMetricSeries] {
        let (found, uncompacted) = try await database.read(.point) { try read(runIDs, metric, $0) }
        guard !uncompacted.isEmpty else { return found }
        try await database.write { connection in
            _ = try RunStore.lock(uncompacted, connection).read(connection)
            try StagedPoints.compact(uncompacted, connection)
        }
        return try await database.read(.point) { connection in
            let (found, uncompacted) = try read(runIDs, metric, connection)
            // Points logged since the compaction are treated as if they arrived after this request.
            let staged = try StagedPoints.counts(uncompacted, connection)
            return found.map { runSeries in
                var runSeries = runSeries
                runSeries.series.removeLast(staged[runSeries.key] ?? 0)
                return runSeries
            }
        }
    }

    /// Returns the series, and those of their runs that have staged points.
    private func read(
        _ runIDs: [String], _ metric: String, _ connection: any Connection
    ) throws -> ([RunMetricSeries], Set<Int64>) {
        let runs = try RunIDCache.find(runIDs, connection)
        let found = try runIDs.compactMap { runID -> (String, RunKey)? in
            guard let entry = runs[runID], let key = try keys.id(for: metric, in: entry.experiment, connection) else {
                return nil
            }
            return (runID, RunKey(run: entry.run, key: key))
        }
        let series = try MetricRows.series(found.map(\.1), connection).read(connection)
        let all = found.compactMap { runID, key in series[key].map { RunMetricSeries(runID: runID, key: key, series: $0) } }
        return (all, try StagedPoints.runs(Set(all.map(\.key.run)), connection))
    }

    /// Returns points ordered by time, step and value.
    func history(_ runSeries: RunMetricSeries, offset: Int64, limit: Int) async throws -> [MetricPoint] {
        let key = runSeries.key
        return try await database.read { connection in
            // For a series in order, the primary key provides the order and the rank entries provide the starting point.
            guard runSeries.series.isInOrder else {
                return try connection.rows(
                    """
                    SELECT step, timestamp, value, is_nan FROM metrics WHERE run_id = \(key.run) AND key_id = \(key.key)
                    ORDER BY timestamp, step, value, is_nan LIMIT \(limit) OFFSET \(offset)
                    """, MetricPoint.init)
            }
            guard offset < runSeries.series.count, let start = try RankIndex.start(of: key, atOrBefore: offset, connection) else {
                return []
            }
            return try connection.rows(
                """
                SELECT step, timestamp, value, is_nan FROM metrics WHERE run_id = \(key.run) AND key_id = \(key.key)
                AND (step, timestamp, value, is_nan) >= \(start.point.sqlTuple)
                ORDER BY step, timestamp, value, is_nan LIMIT \(limit) OFFSET \(offset - start.rank)
                """, MetricPoint.init)
        }
    }

    /// Returns a sample of the points, ordered by step, time and value.
    ///
    /// - Parameter steps: the steps to sample from; `nil` for all.
    func sample(_ runSeries: RunMetricSeries, steps: ClosedRange<Int64>?, limit: Int) async throws -> [MetricPoint] {
        try await database.read { connection in
            guard runSeries.series.isInOrder else {
                return try Self.sampleByRowNumber(runSeries.key, steps: steps, limit: limit, connection)
            }
            let lower = try steps.map { try RankIndex.rank(of: runSeries, firstStep: $0.lowerBound, connection) } ?? 0
            let upper: Int64 =
                if let last = steps?.upperBound, last < .max {
                    try RankIndex.rank(of: runSeries, firstStep: last + 1, connection)
                } else {
                    runSeries.series.count
                }
            let plan = SamplePlan(count: upper - lower, limit: limit)
            // Dense samples are faster to read in one scan.
            guard plan.bucketSize >= 8 else {
                return try Self.sampleByRowNumber(runSeries.key, steps: steps, limit: limit, connection)
            }
            return try RankIndex.points(of: runSeries.key, ranks: plan.ranks.map { $0 + lower }, connection)
        }
    }

    /// Samples by numbering the rows in one scan. Works for any series, but reads all of it.
    private static func sampleByRowNumber(_ key: RunKey, steps: ClosedRange<Int64>?, limit: Int, _ connection: any Connection)
        throws -> [MetricPoint]
    {
        let range: SQL = steps.map { "AND step BETWEEN \($0.lowerBound) AND \($0.upperBound)" } ?? ""
        let rows: SQL = "FROM metrics WHERE run_id = \(key.run) AND key_id = \(key.key) \(range)"
        let count = try connection.first("SELECT COUNT(*) \(rows)") { $0.int(0) } ?? 0
        let plan = SamplePlan(count: count, limit: limit)
        return try connection.rows(
            """
            SELECT step, timestamp, value, is_nan FROM (
                SELECT step, timestamp, value, is_nan,
                    ROW_NUMBER() OVER (ORDER BY step, timestamp, value, is_nan) - 1 AS position \(rows)) AS numbered
            WHERE \(Self.isSampled(plan)) ORDER BY step, timestamp, value, is_nan
            """, MetricPoint.init)
    }

    /// The condition on a row's `position` under which the plan takes the row.
    private static func isSampled(_ plan: SamplePlan) -> SQL {
        if plan.takesAll { return "1 = 1" }
        let last = plan.count - 1
        // The last row replaces the first row of the last bucket, which is always a small bucket.
        let lastBucket = plan.count - plan.bucketSize
        return """
            position = \(last) OR position <> \(lastBucket) AND (
                position < \(plan.rowsInLargeBuckets) AND position % \(plan.bucketSize + 1) = 0
                OR position >= \(plan.rowsInLargeBuckets) AND (position - \(plan.rowsInLargeBuckets)) % \(plan.bucketSize) = 0)
            """
    }
}

/// The series of one metric of one run, with its IDs.
struct RunMetricSeries: Sendable {
    var runID: String
    var key: RunKey
    var series: MetricSeries
}

extension MetricPoint {
    /// Reads the columns `step, timestamp, value, is_nan`.
    init(_ row: borrowing Row) {
        self.init(step: row.int(0), timestamp: row.int(1), storedValue: row.double(2), isNaN: row.bool(3))
    }

    /// The point as an SQL row value in the order of the primary key.
    var sqlTuple: SQL { "(\(step), \(timestamp), \(value), \(isNaN))" }

    /// The point as returned to a client.
    func metric(key: String, runID: String?) -> Metric {
        Metric(key: key, value: isNaN ? .nan : value, timestamp: UnixMilliseconds(timestamp), step: step, runID: runID)
    }
}

internal import Database
internal import WireProtocol

/// The SQL that reads the points of a metric.
struct MetricHistoryStore: Sendable {
    private let database: any Database
    private let keys: KeyInterner

    /// Points per page when all are asked for, so that a long history needs little memory.
    static let pageSize = 25_000

    init(database: any Database, keys: KeyInterner) {
        self.database = database
        self.keys = keys
    }

    /// The series of one metric of each of those runs, by run id, as far as their points are compacted; runs and metrics that
    /// don't exist are left out.
    func series(_ runIDs: [String], metric: String) async throws -> [RunMetricSeries] {
        let (found, uncompacted) = try await database.read(.point) { try read(runIDs, metric, $0) }
        guard !uncompacted.isEmpty else { return found }
        try await database.write { connection in
            _ = try RunStore.lock(uncompacted, connection).read(connection)
            try StagedPoints.compact(uncompacted, connection)
        }
        return try await database.read(.point) { connection in
            let (found, uncompacted) = try read(runIDs, metric, connection)
            // What was logged meanwhile is as if it came a moment later.
            let staged = try StagedPoints.counts(uncompacted, connection)
            return found.map { runSeries in
                var runSeries = runSeries
                runSeries.series.removeLast(staged[runSeries.key] ?? 0)
                return runSeries
            }
        }
    }

    /// The series, and the runs of these that have staged points.
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

    /// Points in the order of time, step and value.
    func history(_ runSeries: RunMetricSeries, offset: Int64, limit: Int) async throws -> [MetricPoint] {
        let key = runSeries.key
        return try await database.read { connection in
            // Of a series in order the primary key gives the order, and the rank entries the place to start.
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

    /// A sample of the points in the order of step, time and value.
    ///
    /// - Parameter steps: the steps to sample from; all when `nil`.
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
            // Close samples are read faster in one scan.
            guard plan.bucketSize >= 8 else {
                return try Self.sampleByRowNumber(runSeries.key, steps: steps, limit: limit, connection)
            }
            return try RankIndex.points(of: runSeries.key, ranks: plan.ranks.map { $0 + lower }, connection)
        }
    }

    /// Samples by numbering the rows in one scan: for any series, at the cost of reading all of it.
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

    /// The condition on a row's `position` that the plan takes it.
    private static func isSampled(_ plan: SamplePlan) -> SQL {
        if plan.takesAll { return "1 = 1" }
        let last = plan.count - 1
        // The last row takes the place of the first one of the last bucket, which is a small one.
        let lastBucket = plan.count - plan.bucketSize
        return """
            position = \(last) OR position <> \(lastBucket) AND (
                position < \(plan.rowsInLargeBuckets) AND position % \(plan.bucketSize + 1) = 0
                OR position >= \(plan.rowsInLargeBuckets) AND (position - \(plan.rowsInLargeBuckets)) % \(plan.bucketSize) = 0)
            """
    }
}

/// The series of one metric of one run.
struct RunMetricSeries: Sendable {
    var runID: String
    var key: RunKey
    var series: MetricSeries
}

extension MetricPoint {
    /// Reads `step, timestamp, value, is_nan`.
    init(_ row: borrowing Row) {
        self.init(step: row.int(0), timestamp: row.int(1), storedValue: row.double(2), isNaN: row.bool(3))
    }

    /// The point as a row value in the order of the primary key.
    var sqlTuple: SQL { "(\(step), \(timestamp), \(value), \(isNaN))" }

    /// The point as it goes to a client.
    func metric(key: String, runID: String?) -> Metric {
        Metric(key: key, value: isNaN ? .nan : value, timestamp: timestamp, step: step, runID: runID)
    }
}

internal import Database

/// Looks up points by rank in a series that is in order, using the sparse index of rank entries in `metric_marks`.
enum RankIndex {
    /// Returns the nearest entry at or before a rank.
    static func start(of key: RunKey, atOrBefore rank: Int64, _ connection: any Connection) throws -> MetricSeries.RankEntry? {
        let entryRank = rank / Int64(MetricSeries.rankInterval) * Int64(MetricSeries.rankInterval)
        return try connection.first(
            """
            SELECT step, timestamp, value, is_nan FROM metric_marks
            WHERE run_id = \(key.run) AND key_id = \(key.key) AND rank = \(entryRank)
            """
        ) { MetricSeries.RankEntry(rank: entryRank, point: MetricPoint($0)) }
    }

    /// Returns the number of points with a step below `firstStep`, by a binary search over the entries and a short count.
    static func rank(of runSeries: RunMetricSeries, firstStep: Int64, _ connection: any Connection) throws -> Int64 {
        let distance = Int64(MetricSeries.rankInterval)
        var low: Int64 = 0
        var high = (runSeries.series.count + distance - 1) / distance
        // Invariant: all entries below `low` have a step below `firstStep`, and none from `high` on has.
        while low < high {
            let middle = (low + high) / 2
            guard let entry = try start(of: runSeries.key, atOrBefore: middle * distance, connection) else { break }
            if entry.point.step < firstStep { low = middle + 1 } else { high = middle }
        }
        guard low > 0, let entry = try start(of: runSeries.key, atOrBefore: (low - 1) * distance, connection) else { return 0 }
        let between = try connection.first(
            """
            SELECT COUNT(*) FROM metrics WHERE run_id = \(runSeries.key.run) AND key_id = \(runSeries.key.key)
            AND (step, timestamp, value, is_nan) >= \(entry.point.sqlTuple) AND step < \(firstStep)
            """
        ) { $0.int(0) }
        return entry.rank + (between ?? 0)
    }

    /// Returns the points at those ranks.
    static func points(of key: RunKey, ranks: [Int64], _ connection: any Connection) throws -> [MetricPoint] {
        switch connection.dialect {
        case .sqlite:
            // SQLite runs in-process, so one statement per rank is cheap.
            return try ranks.compactMap { rank in
                guard let entry = try start(of: key, atOrBefore: rank, connection) else { return nil }
                return try connection.first(
                    """
                    SELECT step, timestamp, value, is_nan FROM metrics WHERE run_id = \(key.run) AND key_id = \(key.key)
                    AND (step, timestamp, value, is_nan) >= \(entry.point.sqlTuple)
                    ORDER BY step, timestamp, value, is_nan LIMIT 1 OFFSET \(rank - entry.rank)
                    """, MetricPoint.init)
            }
        case .postgresql:
            // Each statement costs a network round trip, so one looks up hundreds of ranks.
            let distance = Int64(MetricSeries.rankInterval)
            return try ranks.powerOfTwoChunks(limit: 512).flatMap { slice in
                try connection.rows(
                    """
                    SELECT p.step, p.timestamp, p.value, p.is_nan
                    FROM (VALUES \(.rows(slice.map { [($0 / distance * distance).sqlValue, ($0 % distance).sqlValue] }))) AS wanted
                    JOIN metric_marks m
                        ON m.run_id = \(key.run) AND m.key_id = \(key.key) AND m.rank = wanted.column1
                    CROSS JOIN LATERAL (
                        SELECT step, timestamp, value, is_nan FROM metrics WHERE run_id = \(key.run) AND key_id = \(key.key)
                        AND (step, timestamp, value, is_nan) >= (m.step, m.timestamp, m.value, m.is_nan)
                        ORDER BY step, timestamp, value, is_nan LIMIT 1 OFFSET wanted.column2) p
                    ORDER BY p.step, p.timestamp, p.value, p.is_nan
                    """, MetricPoint.init)
            }
        }
    }
}

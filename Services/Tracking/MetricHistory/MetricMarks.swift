internal import Database

/// Finds points of a series in order by their rank, with the help of its marks.
enum MetricMarks {
    /// The nearest mark at or before a rank.
    static func start(of key: RunKey, atOrBefore rank: Int64, _ connection: any Connection) throws -> MetricSeries.Mark? {
        let marked = rank / Int64(MetricSeries.markDistance) * Int64(MetricSeries.markDistance)
        return try connection.first(
            """
            SELECT step, timestamp, value, is_nan FROM metric_marks
            WHERE run_id = \(key.run) AND key_id = \(key.key) AND rank = \(marked)
            """
        ) { MetricSeries.Mark(rank: marked, point: MetricPoint($0)) }
    }

    /// How many points have a step below `firstStep`: a binary search over the marks, then a short count.
    static func rank(of id: SeriesID, firstStep: Int64, _ connection: any Connection) throws -> Int64 {
        let distance = Int64(MetricSeries.markDistance)
        var low: Int64 = 0
        var high = (id.series.count + distance - 1) / distance
        // Invariant: all marks below `low` have smaller steps, all from `high` on don't.
        while low < high {
            let middle = (low + high) / 2
            guard let mark = try start(of: id.key, atOrBefore: middle * distance, connection) else { break }
            if mark.point.step < firstStep { low = middle + 1 } else { high = middle }
        }
        guard low > 0, let mark = try start(of: id.key, atOrBefore: (low - 1) * distance, connection) else { return 0 }
        let between = try connection.first(
            """
            SELECT COUNT(*) FROM metrics WHERE run_id = \(id.key.run) AND key_id = \(id.key.key)
            AND (step, timestamp, value, is_nan) >= \(mark.point.sqlTuple) AND step < \(firstStep)
            """
        ) { $0.int(0) }
        return mark.rank + (between ?? 0)
    }

    /// The points at those ranks.
    static func points(of key: RunKey, ranks: [Int64], _ connection: any Connection) throws -> [MetricPoint] {
        switch connection.dialect {
        case .sqlite:
            // In this process a statement costs microseconds.
            return try ranks.compactMap { rank in
                guard let mark = try start(of: key, atOrBefore: rank, connection) else { return nil }
                return try connection.first(
                    """
                    SELECT step, timestamp, value, is_nan FROM metrics WHERE run_id = \(key.run) AND key_id = \(key.key)
                    AND (step, timestamp, value, is_nan) >= \(mark.point.sqlTuple)
                    ORDER BY step, timestamp, value, is_nan LIMIT 1 OFFSET \(rank - mark.rank)
                    """, MetricPoint.init)
            }
        case .postgresql:
            // Over the wire a statement costs a round trip: one for hundreds of ranks.
            let distance = Int64(MetricSeries.markDistance)
            return try ranks.inPowersOfTwo(limit: 512).flatMap { slice in
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

internal import Database

/// The points of one metric of one run that a transaction is to add.
struct NewPoints: Sendable {
    var key: RunKey
    /// Sorted, without repetition.
    var points: [MetricPoint]
}

/// The SQL of metric points, their series and the marks in them.
enum MetricRows {
    /// Adds points; one that is there already is left out. The runs must be locked.
    ///
    /// - Parameter known: the series of these metrics, as far as there are any.
    static func add(_ additions: [NewPoints], to known: [RunKey: MetricSeries], _ connection: any Connection) throws {
        guard !additions.isEmpty else { return }
        let added = try insert(additions, known, connection)
        var updates: [[SQLValue]] = []
        var marks: [[SQLValue]] = []
        for addition in added {
            let before = known[addition.key]
            guard let (series, newMarks) = MetricSeries.appending(addition.points, to: before) else { continue }
            updates.append(row(addition.key, series))
            marks += newMarks.map { row(addition.key, $0) }
        }
        for slice in updates.inPowersOfTwo() {
            try connection.submit(
                """
                INSERT INTO latest_metrics (run_id, key_id, value, is_nan, timestamp, step, points, in_order) VALUES \(.rows(slice))
                ON CONFLICT (run_id, key_id) DO UPDATE SET value = excluded.value, is_nan = excluded.is_nan,
                    timestamp = excluded.timestamp, step = excluded.step, points = excluded.points, in_order = excluded.in_order
                """)
        }
        for slice in marks.inPowersOfTwo() {
            try connection.submit(
                """
                INSERT INTO metric_marks (run_id, key_id, rank, step, timestamp, value, is_nan) VALUES \(.rows(slice))
                ON CONFLICT (run_id, key_id, rank) DO NOTHING
                """)
        }
    }

    /// Asks for the series of those metrics, as far as there are any.
    static func series(_ keys: [RunKey], _ connection: any Connection) throws -> SentRows<RunKey, MetricSeries> {
        let queries: [SQL] = keys.inPowersOfTwo().map { slice in
            """
            SELECT t.run_id, t.key_id, t.value, t.is_nan, t.timestamp, t.step, t.points, t.in_order
            FROM \(RunKey.lookUp(slice, in: "latest_metrics", connection))
            """
        }
        return try SentRows(queries, on: connection) { row in
            let latest = MetricPoint(step: row.int(5), timestamp: row.int(4), storedValue: row.double(2), isNaN: row.bool(3))
            let series = MetricSeries(latest: latest, count: row.int(6), isInOrder: row.bool(7))
            return (RunKey(run: row.int(0), key: row.int(1)), series)
        }
    }

    /// Inserts the points and returns those that were new. Points beyond the latest are new for certain; for the others the
    /// database tells.
    private static func insert(_ additions: [NewPoints], _ known: [RunKey: MetricSeries], _ connection: any Connection) throws
        -> [NewPoints]
    {
        var certain: [[SQLValue]] = []
        var uncertain: [[SQLValue]] = []
        for addition in additions {
            let latest = known[addition.key]?.latest
            for point in addition.points {
                if latest.map({ point > $0 }) ?? true {
                    certain.append(row(addition.key, point))
                } else {
                    uncertain.append(row(addition.key, point))
                }
            }
        }
        // Not asked whether it is there, a row costs PostgreSQL a third less.
        for slice in certain.inPowersOfTwo() { try connection.submit(insertion(of: slice)) }
        guard !uncertain.isEmpty else { return additions }
        var inserted: Set<PointKey> = []
        for slice in uncertain.inPowersOfTwo() {
            try connection.query(insertion(of: slice) + " ON CONFLICT DO NOTHING RETURNING run_id, key_id, step, timestamp, value, is_nan") { row in
                inserted.insert(
                    PointKey(
                        key: RunKey(run: row.int(0), key: row.int(1)),
                        point: MetricPoint(step: row.int(2), timestamp: row.int(3), storedValue: row.double(4), isNaN: row.bool(5))))
            }
        }
        return additions.map { addition in
            let latest = known[addition.key]?.latest
            return NewPoints(
                key: addition.key,
                points: addition.points.filter { point in
                    latest.map { point > $0 } ?? true || inserted.contains(PointKey(key: addition.key, point: point))
                })
        }
    }

    private struct PointKey: Hashable {
        var key: RunKey
        var point: MetricPoint
    }

    private static func insertion(of rows: ArraySlice<[SQLValue]>) -> SQL {
        "INSERT INTO metrics (run_id, key_id, step, timestamp, value, is_nan) VALUES \(.rows(rows))"
    }

    private static func row(_ key: RunKey, _ point: MetricPoint) -> [SQLValue] {
        [
            key.run.sqlValue, key.key.sqlValue, point.step.sqlValue, point.timestamp.sqlValue, point.value.sqlValue,
            point.isNaN.sqlValue,
        ]
    }

    private static func row(_ key: RunKey, _ series: MetricSeries) -> [SQLValue] {
        [
            key.run.sqlValue, key.key.sqlValue, series.latest.value.sqlValue, series.latest.isNaN.sqlValue,
            series.latest.timestamp.sqlValue, series.latest.step.sqlValue, series.count.sqlValue, series.isInOrder.sqlValue,
        ]
    }

    private static func row(_ key: RunKey, _ mark: MetricSeries.Mark) -> [SQLValue] {
        [
            key.run.sqlValue, key.key.sqlValue, mark.rank.sqlValue, mark.point.step.sqlValue, mark.point.timestamp.sqlValue,
            mark.point.value.sqlValue, mark.point.isNaN.sqlValue,
        ]
    }
}

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
        var updates: [(key: RunKey, series: MetricSeries)] = []
        var marks: [(key: RunKey, mark: MetricSeries.Mark)] = []
        for addition in added {
            guard let (series, newMarks) = MetricSeries.appending(addition.points, to: known[addition.key]) else { continue }
            updates.append((addition.key, series))
            for mark in newMarks { marks.append((addition.key, mark)) }
        }
        try update(updates, connection)
        try insertMarks(marks, connection)
    }

    /// Puts series into the place of what was known of them.
    static func update(_ series: [(key: RunKey, series: MetricSeries)], _ connection: any Connection) throws {
        for rows in connection.dialect.rows(columns(series)) {
            try connection.submit(
                """
                INSERT INTO latest_metrics (run_id, key_id, step, timestamp, value, is_nan, points, in_order) \(rows)
                ON CONFLICT (run_id, key_id) DO UPDATE SET value = excluded.value, is_nan = excluded.is_nan,
                    timestamp = excluded.timestamp, step = excluded.step, points = excluded.points, in_order = excluded.in_order
                """)
        }
    }

    static func insertMarks(_ marks: [(key: RunKey, mark: MetricSeries.Mark)], _ connection: any Connection) throws {
        for rows in connection.dialect.rows(columns(marks)) {
            try connection.submit(
                """
                INSERT INTO metric_marks (run_id, key_id, step, timestamp, value, is_nan, rank) \(rows)
                ON CONFLICT (run_id, key_id, rank) DO NOTHING
                """)
        }
    }

    /// Asks for the series of those metrics, as far as there are any.
    static func series(_ keys: [RunKey], _ connection: any Connection) throws -> SentRows<RunKey, MetricSeries> {
        let queries: [SQL] = RunKey.lookUps(keys, in: "latest_metrics", connection).map { rows in
            "SELECT t.run_id, t.key_id, t.value, t.is_nan, t.timestamp, t.step, t.points, t.in_order FROM \(rows)"
        }
        return try SentRows(queries, on: connection) { row in
            let latest = MetricPoint(step: row.int(5), timestamp: row.int(4), storedValue: row.double(2), isNaN: row.bool(3))
            let series = MetricSeries(latest: latest, count: row.int(6), isInOrder: row.bool(7))
            return (RunKey(run: row.int(0), key: row.int(1)), series)
        }
    }

    /// Inserts points that are not there yet.
    static func insert(_ points: [NewPoints], _ connection: any Connection) throws {
        let placed = points.flatMap { new in new.points.map { PlacedPoint(key: new.key, point: $0) } }
        for insertion in insertions(of: placed, connection) { try connection.submit(insertion) }
    }

    /// Inserts the points and returns those that were new. Points beyond the latest are new for certain; for the others the
    /// database tells.
    private static func insert(_ additions: [NewPoints], _ known: [RunKey: MetricSeries], _ connection: any Connection) throws
        -> [NewPoints]
    {
        var certain: [PlacedPoint] = []
        var uncertain: [PlacedPoint] = []
        for addition in additions {
            let latest = known[addition.key]?.latest
            for point in addition.points {
                if latest.map({ point > $0 }) ?? true {
                    certain.append(PlacedPoint(key: addition.key, point: point))
                } else {
                    uncertain.append(PlacedPoint(key: addition.key, point: point))
                }
            }
        }
        // Not asked whether it is there, a row costs PostgreSQL a third less.
        for insertion in insertions(of: certain, connection) { try connection.submit(insertion) }
        guard !uncertain.isEmpty else { return additions }
        var inserted: Set<PlacedPoint> = []
        for insertion in insertions(of: uncertain, connection) {
            try connection.query(insertion + " ON CONFLICT DO NOTHING RETURNING run_id, key_id, step, timestamp, value, is_nan") { row in
                inserted.insert(
                    PlacedPoint(
                        key: RunKey(run: row.int(0), key: row.int(1)),
                        point: MetricPoint(step: row.int(2), timestamp: row.int(3), storedValue: row.double(4), isNaN: row.bool(5))))
            }
        }
        return additions.map { addition in
            let latest = known[addition.key]?.latest
            return NewPoints(
                key: addition.key,
                points: addition.points.filter { point in
                    latest.map { point > $0 } ?? true || inserted.contains(PlacedPoint(key: addition.key, point: point))
                })
        }
    }

    private struct PlacedPoint: Hashable {
        var key: RunKey
        var point: MetricPoint
    }

    private static func insertions(of points: [PlacedPoint], _ connection: any Connection) -> [SQL] {
        connection.dialect.rows(columns(points.map(\.key), points.map(\.point))).map { rows in
            "INSERT INTO metrics (run_id, key_id, step, timestamp, value, is_nan) \(rows)"
        }
    }

    // MARK: Columns

    /// The columns `run_id`, `key_id`, `step`, `timestamp`, `value` and `is_nan`.
    private static func columns(_ keys: [RunKey], _ points: [MetricPoint]) -> [SQLColumn] {
        RunKey.columns(keys) + [
            .integers(points.map(\.step)), .integers(points.map(\.timestamp)), .doubles(points.map(\.value)),
            .integers(points.map { $0.isNaN ? 1 : 0 }),
        ]
    }

    private static func columns(_ series: [(key: RunKey, series: MetricSeries)]) -> [SQLColumn] {
        columns(series.map(\.key), series.map(\.series.latest)) + [
            .integers(series.map(\.series.count)), .integers(series.map { $0.series.isInOrder ? 1 : 0 }),
        ]
    }

    private static func columns(_ marks: [(key: RunKey, mark: MetricSeries.Mark)]) -> [SQLColumn] {
        columns(marks.map(\.key), marks.map(\.mark.point)) + [.integers(marks.map(\.mark.rank))]
    }
}

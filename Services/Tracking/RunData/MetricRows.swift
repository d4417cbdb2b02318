internal import Database

/// Points of one metric of one run to add in a transaction.
struct NewPoints: Sendable {
    var key: RunKey
    /// Sorted, without duplicates.
    var points: [MetricPoint]
}

/// SQL for metric points, series and rank entries.
enum MetricRows {
    /// Adds points, skipping existing ones. The runs must be locked.
    ///
    /// - Parameter known: the existing series of these metrics.
    /// - Returns: the series that have grown.
    @discardableResult
    static func add(
        _ additions: [NewPoints], to known: [RunKey: MetricSeries], _ connection: any Connection
    ) throws -> [ChangedSeries] {
        guard !additions.isEmpty else { return [] }
        let added = try insert(additions, known, connection)
        let (updates, rankEntries) = extended(added, known)
        try update(updates, connection)
        try insertRankEntries(rankEntries, connection)
        return updates
    }

    /// A series and its key.
    typealias ChangedSeries = (key: RunKey, series: MetricSeries)
    /// A rank entry and the key of its series.
    typealias NewRankEntry = (key: RunKey, rankEntry: MetricSeries.RankEntry)

    /// Returns the series extended with new points, and the rank entries of these points.
    static func extended(
        _ additions: [NewPoints], _ known: [RunKey: MetricSeries]
    ) -> (series: [ChangedSeries], rankEntries: [NewRankEntry]) {
        var longer: [ChangedSeries] = []
        var rankEntries: [NewRankEntry] = []
        for addition in additions {
            guard let (series, newEntries) = MetricSeries.appending(addition.points, to: known[addition.key]) else { continue }
            longer.append((addition.key, series))
            for rankEntry in newEntries { rankEntries.append((addition.key, rankEntry)) }
        }
        return (longer, rankEntries)
    }

    /// Inserts or replaces series.
    static func update(_ series: [ChangedSeries], _ connection: any Connection) throws {
        for rows in connection.dialect.rows(columns(series)) {
            try connection.submit(
                """
                INSERT INTO latest_metrics (run_id, key_id, step, timestamp, value, is_nan, points, in_order) \(rows)
                ON CONFLICT (run_id, key_id) DO UPDATE SET value = excluded.value, is_nan = excluded.is_nan,
                    timestamp = excluded.timestamp, step = excluded.step, points = excluded.points, in_order = excluded.in_order
                """)
        }
    }

    static func insertRankEntries(_ rankEntries: [NewRankEntry], _ connection: any Connection) throws {
        for insertion in insertions(of: rankEntries, connection) { try connection.submit(insertion + onConflictDoNothing) }
    }

    static func insertions(of rankEntries: [NewRankEntry], _ connection: any Connection) -> [SQL] {
        connection.dialect.rows(columns(rankEntries)).map { rows in
            "INSERT INTO metric_marks (run_id, key_id, step, timestamp, value, is_nan, rank) \(rows)"
        }
    }

    private static var onConflictDoNothing: SQL { " ON CONFLICT DO NOTHING" }

    /// Requests the existing series of those metrics.
    ///
    /// - Parameter isLocked: whether to lock them against changes by others until the transaction ends.
    static func series(
        _ keys: [RunKey], isLocked: Bool = false, _ connection: any Connection
    ) throws -> PipelinedRows<RunKey, MetricSeries> {
        let queries: [SQL] = RunKey.lookUps(keys, in: "latest_metrics", isLocked: isLocked, connection).map { rows in
            "SELECT t.run_id, t.key_id, t.value, t.is_nan, t.timestamp, t.step, t.points, t.in_order FROM \(rows)"
        }
        return try PipelinedRows(queries, on: connection) { row in
            let latest = MetricPoint(step: row.int(5), timestamp: row.int(4), storedValue: row.double(2), isNaN: row.bool(3))
            let series = MetricSeries(latest: latest, count: row.int(6), isInOrder: row.bool(7))
            return (RunKey(run: row.int(0), key: row.int(1)), series)
        }
    }

    /// Inserts points that don't exist yet.
    static func insert(_ points: [NewPoints], _ connection: any Connection) throws {
        for insertion in insertions(of: points, connection) { try connection.submit(insertion) }
    }

    static func insertions(of points: [NewPoints], _ connection: any Connection) -> [SQL] {
        insertions(of: points.flatMap { new in new.points.map { KeyedPoint(key: new.key, point: $0) } }, connection)
    }

    /// Inserts points and returns the new ones. Points greater than the latest point are certainly new; for the others, the
    /// database reports which were inserted.
    private static func insert(_ additions: [NewPoints], _ known: [RunKey: MetricSeries], _ connection: any Connection) throws
        -> [NewPoints]
    {
        var certain: [KeyedPoint] = []
        var uncertain: [KeyedPoint] = []
        for addition in additions {
            let latest = known[addition.key]?.latest
            for point in addition.points {
                if latest.map({ point > $0 }) ?? true {
                    certain.append(KeyedPoint(key: addition.key, point: point))
                } else {
                    uncertain.append(KeyedPoint(key: addition.key, point: point))
                }
            }
        }
        // Without a conflict check, inserts are considerably cheaper on PostgreSQL.
        for insertion in insertions(of: certain, connection) { try connection.submit(insertion) }
        guard !uncertain.isEmpty else { return additions }
        var inserted: Set<KeyedPoint> = []
        for insertion in insertions(of: uncertain, connection) {
            try connection.query(
                insertion + onConflictDoNothing + " RETURNING run_id, key_id, step, timestamp, value, is_nan"
            ) { row in
                inserted.insert(
                    KeyedPoint(
                        key: RunKey(run: row.int(0), key: row.int(1)),
                        point: MetricPoint(step: row.int(2), timestamp: row.int(3), storedValue: row.double(4), isNaN: row.bool(5))))
            }
        }
        return additions.map { addition in
            let latest = known[addition.key]?.latest
            return NewPoints(
                key: addition.key,
                points: addition.points.filter { point in
                    latest.map { point > $0 } ?? true || inserted.contains(KeyedPoint(key: addition.key, point: point))
                })
        }
    }

    private struct KeyedPoint: Hashable {
        var key: RunKey
        var point: MetricPoint
    }

    private static func insertions(of points: [KeyedPoint], _ connection: any Connection) -> [SQL] {
        connection.dialect.rows(columns(points.map(\.key), points.map(\.point))).map { rows in
            "INSERT INTO metrics (run_id, key_id, step, timestamp, value, is_nan) \(rows)"
        }
    }

    // MARK: Columns

    /// The columns `run_id`, `key_id`, `step`, `timestamp`, `value` and `is_nan`.
    private static func columns(_ keys: [RunKey], _ points: [MetricPoint]) -> [SQLColumn] {
        RunKey.columns(keys) + columns(points)
    }

    /// The columns `step`, `timestamp`, `value` and `is_nan`.
    private static func columns(_ points: [MetricPoint]) -> [SQLColumn] {
        [
            .integers(points.map(\.step)), .integers(points.map(\.timestamp)), .doubles(points.map(\.value)),
            .integers(points.map { $0.isNaN ? 1 : 0 }),
        ]
    }

    /// The columns of `latest_metrics`: `run_id`, `key_id`, `step`, `timestamp`, `value`, `is_nan`, `points` and `in_order`.
    static func columns(_ series: [ChangedSeries]) -> [SQLColumn] {
        RunKey.columns(series.map(\.key)) + columns(series.map(\.series))
    }

    /// The columns of `latest_metrics` without the key: `step` to `in_order`.
    static func columns(_ series: [MetricSeries]) -> [SQLColumn] {
        columns(series.map(\.latest)) + [.integers(series.map(\.count)), .integers(series.map { $0.isInOrder ? 1 : 0 })]
    }

    private static func columns(_ rankEntries: [NewRankEntry]) -> [SQLColumn] {
        columns(rankEntries.map(\.key), rankEntries.map(\.rankEntry.point)) + [.integers(rankEntries.map(\.rankEntry.rank))]
    }
}

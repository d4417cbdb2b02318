internal import Database
internal import MLflowImport

/// A row of MLflow's `params`.
struct ImportedParam: ImportedRecord {
    static let table: StaticString = "params"
    static let key: [StaticString] = ["key", "run_uuid"]
    static let columns: [StaticString] = ["value"]

    var entry: ImportedRunEntry

    init(_ row: borrowing Row) { entry = ImportedRunEntry(row) }

    var keyValues: [SQLValue] { entry.keyValues }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        try ImportedRunEntry.upsert(records.map(\.entry), into: "params", connection)
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try ImportedRunEntry.count(records.map(\.entry), in: "params t", connection)
    }
}

/// A row of MLflow's `tags`.
struct ImportedTag: ImportedRecord {
    static let table: StaticString = "tags"
    static let key: [StaticString] = ["key", "run_uuid"]
    static let columns: [StaticString] = ["value"]

    var entry: ImportedRunEntry

    init(_ row: borrowing Row) { entry = ImportedRunEntry(row) }

    var keyValues: [SQLValue] { entry.keyValues }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        try ImportedRunEntry.upsert(records.map(\.entry), into: "tags", connection)
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try ImportedRunEntry.count(records.map(\.entry), in: "tags t", connection)
    }
}

/// A param or tag of a run.
struct ImportedRunEntry: Sendable {
    var key: String
    var runID: String
    var value: String

    init(_ row: borrowing Row) {
        key = row.text(0)
        runID = row.text(1)
        value = row.text(2)
    }

    var keyValues: [SQLValue] { [key.sqlValue, runID.sqlValue] }

    static func upsert(_ entries: [Self], into table: SQL, _ connection: any Connection) throws {
        let keys = try RunKeyIDs(of: entries.map { ($0.runID, $0.key) }, interningNew: true, connection)
        let rows = entries.compactMap { entry in
            keys[entry.runID, entry.key].map { [$0.run.sqlValue, $0.key.sqlValue, entry.value.sqlValue] }
        }
        for slice in rows.powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO \(table) (run_id, key_id, value) VALUES \(.rows(slice))
                ON CONFLICT (run_id, key_id) DO UPDATE SET value = excluded.value
                """)
        }
    }

    static func count(_ entries: [Self], in table: SQL, _ connection: any Connection) throws -> Int {
        let keys = try RunKeyIDs(of: entries.map { ($0.runID, $0.key) }, interningNew: false, connection)
        let rowKeys = entries.compactMap { keys[$0.runID, $0.key].map { [$0.run.sqlValue, $0.key.sqlValue] } }
        return try connection.count(rowKeys, in: table, where: "t.run_id = w.column1 AND t.key_id = w.column2")
    }
}

/// A row of MLflow's `metrics`, which is a metric point. MLflow's table of latest points isn't imported, since it follows from
/// these.
struct ImportedMetric: ImportedRecord {
    static let table: StaticString = "metrics"
    // PostgreSQL doesn't compare booleans with numbers.
    static let key: [StaticString] = ["key", "timestamp", "step", "run_uuid", "value", "CAST(is_nan AS INTEGER)"]
    static let columns: [StaticString] = []

    var key: String
    /// Milliseconds since 1970.
    var timestamp: Int64
    var step: Int64
    var runID: String
    var value: Double
    var isNaN: Bool

    init(_ row: borrowing Row) {
        key = row.text(0)
        timestamp = row.int(1)
        step = row.int(2)
        runID = row.text(3)
        value = row.double(4)
        isNaN = row.bool(5)
    }

    var keyValues: [SQLValue] {
        [key.sqlValue, timestamp.sqlValue, step.sqlValue, runID.sqlValue, value.sqlValue, isNaN.sqlValue]
    }

    private var point: MetricPoint { MetricPoint(step: step, timestamp: timestamp, value: isNaN ? .nan : value) }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        let keys = try RunKeyIDs(of: records.map { ($0.runID, $0.key) }, interningNew: true, connection)
        var points: [RunKey: Set<MetricPoint>] = [:]
        for record in records {
            if let key = keys[record.runID, record.key] { points[key, default: []].insert(record.point) }
        }
        let additions = points.map { NewPoints(key: $0, points: $1.sorted()) }
        // Clients may log to the same runs concurrently.
        let runs = Set(points.keys.map(\.run))
        _ = try RunStore.lock(runs, connection).read(connection)
        try StagedPoints.compact(runs, connection)
        let known = try MetricRows.series(points.keys.sorted(), isLocked: true, connection).read(connection)
        try MetricRows.add(additions.sorted { $0.key < $1.key }, to: known, connection)
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        let keys = try RunKeyIDs(of: records.map { ($0.runID, $0.key) }, interningNew: false, connection)
        let rowKeys = records.compactMap { record in
            keys[record.runID, record.key].map { key in
                let point = record.point
                return [
                    key.run.sqlValue, key.key.sqlValue, point.step.sqlValue, point.timestamp.sqlValue, point.value.sqlValue,
                    point.isNaN.sqlValue,
                ]
            }
        }
        return try connection.count(
            rowKeys, in: "metrics t",
            where: """
                t.run_id = w.column1 AND t.key_id = w.column2 AND t.step = w.column3 AND t.timestamp = w.column4 \
                AND t.value = w.column5 AND t.is_nan = w.column6
                """)
    }
}

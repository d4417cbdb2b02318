internal import Database
internal import WireProtocol

/// A param of a run as a row.
struct ParamRow: Sendable {
    var run: Int64
    var key: Int64
    var value: String
}

enum ParamRows {
    /// The values of those params, as far as they were logged.
    static func values(_ keys: [RunKey], _ connection: any Connection) throws -> [RunKey: String] {
        var values: [RunKey: String] = [:]
        for slice in keys.inPowersOfTwo() {
            // CROSS JOIN keeps SQLite from scanning the table first.
            try connection.query(
                """
                SELECT p.run_id, p.key_id, p.value
                FROM (VALUES \(.rows(slice.map { [$0.run.sqlValue, $0.key.sqlValue] }))) AS wanted
                CROSS JOIN params p WHERE p.run_id = wanted.column1 AND p.key_id = wanted.column2
                """
            ) { row in values[RunKey(run: row.int(0), key: row.int(1))] = row.text(2) }
        }
        return values
    }

    /// Adds params that are not there yet.
    static func insert(_ params: [ParamRow], _ connection: any Connection) throws {
        for slice in params.inPowersOfTwo() {
            try connection.submit(
                """
                INSERT INTO params (run_id, key_id, value)
                VALUES \(.rows(slice.map { [$0.run.sqlValue, $0.key.sqlValue, $0.value.sqlValue] }))
                """)
        }
    }
}

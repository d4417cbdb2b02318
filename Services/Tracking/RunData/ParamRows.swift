internal import Database
internal import WireProtocol

/// A param of a run as a row.
struct ParamRow: Sendable {
    var run: Int64
    var key: Int64
    var value: String
}

enum ParamRows {
    /// Asks for the values of those params, as far as they were logged.
    static func values(_ keys: [RunKey], _ connection: any Connection) throws -> SentRows<RunKey, String> {
        let queries: [SQL] = keys.inPowersOfTwo().map { slice in
            "SELECT t.run_id, t.key_id, t.value FROM \(RunKey.lookUp(slice, in: "params", connection))"
        }
        return try SentRows(queries, on: connection) { row in (RunKey(run: row.int(0), key: row.int(1)), row.text(2)) }
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

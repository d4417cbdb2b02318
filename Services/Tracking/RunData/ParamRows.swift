internal import Database
internal import WireProtocol

/// A row of `params`.
struct ParamRow: Sendable {
    var key: RunKey
    var value: String
}

/// SQL for params of runs.
enum ParamRows {
    /// Requests the values of those params that were logged.
    static func values(_ keys: [RunKey], _ connection: any Connection) throws -> PipelinedRows<RunKey, String> {
        let queries: [SQL] = RunKey.lookUps(keys, in: "params", connection).map { rows in
            "SELECT t.run_id, t.key_id, t.value FROM \(rows)"
        }
        return try PipelinedRows(queries, on: connection) { row in (RunKey(run: row.int(0), key: row.int(1)), row.text(2)) }
    }

    /// Inserts params that don't exist yet.
    static func insert(_ params: [ParamRow], _ connection: any Connection) throws {
        let columns = RunKey.columns(params.map(\.key)) + [.texts(params.map(\.value))]
        for rows in connection.dialect.rows(columns) {
            try connection.submit("INSERT INTO params (run_id, key_id, value) \(rows)")
        }
    }
}

internal import Database

/// Identifies a metric, param or tag of a run.
struct RunKey: Hashable, Comparable, Sendable {
    /// The run's row ID.
    var run: Int64
    /// The key ID; see `KeyInterner`.
    var key: Int64

    static func < (left: RunKey, right: RunKey) -> Bool { (left.run, left.key) < (right.run, right.key) }

    /// Returns `FROM` clauses, one per statement, that select the existing rows `t` of a table with those keys.
    ///
    /// - Parameter isLocked: whether to lock those rows until the transaction ends.
    static func lookUps(_ keys: [RunKey], in table: SQL, isLocked: Bool = false, _ connection: any Connection) -> [SQL] {
        let row = connection.dialect.lookUp(
            table, as: "t", where: "t.run_id = wanted.column1 AND t.key_id = wanted.column2", isLocked: isLocked)
        return connection.dialect.rows(columns(keys)).map { rows in "(\(rows)) AS wanted \(row)" }
    }

    /// The columns `run_id` and `key_id`.
    static func columns(_ keys: [RunKey]) -> [SQLColumn] { [.integers(keys.map(\.run)), .integers(keys.map(\.key))] }
}

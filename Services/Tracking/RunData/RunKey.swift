internal import Database

/// A metric, param or tag of a run.
struct RunKey: Hashable, Comparable, Sendable {
    var run: Int64
    var key: Int64

    static func < (left: RunKey, right: RunKey) -> Bool { (left.run, left.key) < (right.run, right.key) }

    /// Each stands behind `FROM` to get the rows `t` of a table with those keys, where they exist.
    ///
    /// - Parameter isLocked: locks those rows until the transaction ends.
    static func lookUps(_ keys: [RunKey], in table: SQL, isLocked: Bool = false, _ connection: any Connection) -> [SQL] {
        let row = connection.dialect.lookUp(
            table, as: "t", where: "t.run_id = wanted.column1 AND t.key_id = wanted.column2", isLocked: isLocked)
        return connection.dialect.rows(columns(keys)).map { rows in "(\(rows)) AS wanted \(row)" }
    }

    /// The columns `run_id` and `key_id`.
    static func columns(_ keys: [RunKey]) -> [SQLColumn] { [.integers(keys.map(\.run)), .integers(keys.map(\.key))] }
}

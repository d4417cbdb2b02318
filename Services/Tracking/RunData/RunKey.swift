internal import Database

/// A metric, param or tag of a run.
struct RunKey: Hashable, Comparable, Sendable {
    var run: Int64
    var key: Int64

    static func < (left: RunKey, right: RunKey) -> Bool { (left.run, left.key) < (right.run, right.key) }

    /// What stands behind `FROM` to get the rows `t` of a table with those keys, where they exist.
    static func lookUp(_ keys: ArraySlice<RunKey>, in table: SQL, _ connection: any Connection) -> SQL {
        let row = connection.dialect.lookUp(table, as: "t", where: "t.run_id = wanted.column1 AND t.key_id = wanted.column2")
        return "(VALUES \(.rows(keys.map { [$0.run.sqlValue, $0.key.sqlValue] }))) AS wanted \(row)"
    }
}

// All differences between SQLite and PostgreSQL that affect our statements.

extension Dialect {
    /// A case-sensitive `LIKE` (the SQLite driver enables case sensitivity). A backslash is an ordinary character; by default,
    /// PostgreSQL would treat it as an escape and reject a pattern that ends with one.
    package func like(_ column: SQL, _ pattern: String) -> SQL {
        switch self {
        case .sqlite: "\(column) LIKE \(pattern)"
        case .postgresql: "\(column) LIKE \(pattern) ESCAPE ''"
        }
    }

    /// A case-insensitive `LIKE`. SQLite's own `LIKE` can ignore the case of ASCII only, so both sides are lowercased by
    /// `unicode_lower`, which the SQLite driver registers.
    package func ilike(_ column: SQL, _ pattern: String) -> SQL {
        switch self {
        case .sqlite: "unicode_lower(\(column)) LIKE unicode_lower(\(pattern))"
        case .postgresql: "\(column) ILIKE \(pattern) ESCAPE ''"
        }
    }

    /// Joins each row to its left with the row of a table that has the same key, using an index. Without this, SQLite would scan the
    /// table first, and PostgreSQL would keep a plan that it made when the table was small.
    ///
    /// - Parameters:
    ///   - condition: compares the columns of the table, named by `alias`, with the left row's; true for at most one row.
    ///   - isLocked: whether to lock the matching rows until the transaction ends.
    package func lookUp(_ table: SQL, as alias: SQL, where condition: SQL, isLocked: Bool = false) -> SQL {
        switch self {
        case .sqlite:
            return "CROSS JOIN \(table) AS \(alias) WHERE \(condition)"
        case .postgresql:
            let lock: SQL = isLocked ? forUpdate : ""
            return "CROSS JOIN LATERAL (SELECT * FROM \(table) AS \(alias) WHERE \(condition) LIMIT 1\(lock)) AS \(alias)"
        }
    }

    /// The database's own clock, in milliseconds since 1970: the same for all replicas.
    package var currentMilliseconds: SQL {
        switch self {
        case .sqlite: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
        case .postgresql: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
        }
    }

    /// Makes a `SELECT` lock its rows until the transaction ends. SQLite needs no lock, because it has a single writer.
    package var forUpdate: SQL {
        switch self {
        case .sqlite: ""
        case .postgresql: " FOR UPDATE"
        }
    }
}

extension Connection {
    /// Prevents ids that were inserted explicitly from being generated again. SQLite's AUTOINCREMENT respects them; PostgreSQL's
    /// identity columns have a separate sequence, which must be advanced.
    ///
    /// - Parameter table: a table with an identity column `id`.
    package func advanceIDSequence(of table: StaticString) throws {
        guard dialect == .postgresql else { return }
        let sequence: SQL = "pg_get_serial_sequence(\(table.description), 'id')::regclass"
        try query(
            """
            SELECT setval(\(sequence), GREATEST(MAX(id), pg_sequence_last_value(\(sequence)))) FROM \(SQL(stringLiteral: table))
            HAVING MAX(id) > 0
            """
        ) { _ in }
    }
}

// Everything in which SQLite and PostgreSQL differ for our statements.

extension Dialect {
    /// `LIKE`, minding the case (the SQLite driver switches that on). A backslash is an ordinary letter, which PostgreSQL must be
    /// told; by itself it would fail for a pattern that ends with one.
    package func like(_ column: SQL, _ pattern: String) -> SQL {
        switch self {
        case .sqlite: "\(column) LIKE \(pattern)"
        case .postgresql: "\(column) LIKE \(pattern) ESCAPE ''"
        }
    }

    /// `ILIKE`: SQLite's own `LIKE` ignores the case of ASCII at best, so both sides are lowered by the function that the
    /// SQLite driver registers for all of Unicode.
    package func ilike(_ column: SQL, _ pattern: String) -> SQL {
        switch self {
        case .sqlite: "unicode_lower(\(column)) LIKE unicode_lower(\(pattern))"
        case .postgresql: "\(column) ILIKE \(pattern) ESCAPE ''"
        }
    }

    /// Joins each row before it with the row of a table that has its key, by an index: SQLite scans the table first unless the
    /// order of a join is fixed, and PostgreSQL keeps a plan that it made when the table was small.
    ///
    /// - Parameters:
    ///   - condition: compares the columns of the table, named by `alias`, with the row's; true for one row at most.
    ///   - isLocked: locks the rows that it finds until the transaction ends.
    package func lookUp(_ table: SQL, as alias: SQL, where condition: SQL, isLocked: Bool = false) -> SQL {
        switch self {
        case .sqlite:
            return "CROSS JOIN \(table) AS \(alias) WHERE \(condition)"
        case .postgresql:
            let lock: SQL = isLocked ? forUpdate : ""
            return "CROSS JOIN LATERAL (SELECT * FROM \(table) AS \(alias) WHERE \(condition) LIMIT 1\(lock)) AS \(alias)"
        }
    }

    /// The database's own clock, in milliseconds since 1970: the same for all who share it.
    package var currentMilliseconds: SQL {
        switch self {
        case .sqlite: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
        case .postgresql: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
        }
    }

    /// Makes a `SELECT` lock the rows that it reads until the transaction ends; SQLite has one writer anyway.
    package var forUpdate: SQL {
        switch self {
        case .sqlite: ""
        case .postgresql: " FOR UPDATE"
        }
    }
}

extension Connection {
    /// Keeps ids that were inserted as values from being given again. SQLite's AUTOINCREMENT sees them; PostgreSQL's identity
    /// columns count for themselves and must be told.
    ///
    /// - Parameter table: has an identity column `id`.
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

package import Database

/// A table of an MLflow database.
package struct SourceTable: Sendable {
    /// The only workspace that we take over; versions before 3.10 have no other.
    private static let workspace = "default"

    let name: SQL
    let columns: Set<String>
    let database: any Database

    /// Whether this version of MLflow has a column.
    package func has(_ column: String) -> Bool { columns.contains(column) }

    /// How many rows there are, in all workspaces.
    package func rowCount() async throws -> Int {
        let name = name
        return try await database.read { connection in
            Int(clamping: try connection.first("SELECT COUNT(*) FROM \(name)") { $0.int(0) } ?? 0)
        }
    }

    /// The rows behind the one with the key `last`, in the order of their keys; from the beginning when it is `nil`.
    package func batch<Record: SourceRecord>(of _: Record.Type, after last: [SQLValue]?, limit: Int) async throws -> [Record] {
        let key = Record.key.map(SQL.init(stringLiteral:)).joined(separator: ", ")
        let rest = Record.columns.map { column -> SQL in
            has(column.description) ? SQL(stringLiteral: column) : "NULL"
        }
        var conditions: [SQL] = []
        if has("workspace") { conditions.append("workspace = \(Self.workspace)") }
        if let last { conditions.append("(\(key)) > \(.rows([last]))") }
        let condition: SQL = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        let statement: SQL = """
            SELECT \(([key] + rest).joined(separator: ", ")) FROM \(name) \(condition) ORDER BY \(key) LIMIT \(limit)
            """
        return try await database.read { try $0.rows(statement, Record.init) }
    }
}

/// A row of a table of MLflow's, as far as we take it over.
package protocol SourceRecord: Sendable {
    static var table: StaticString { get }
    /// The columns that tell rows apart within a workspace, in the order of MLflow's primary key, whose index then serves
    /// reading in that order.
    static var key: [StaticString] { get }
    /// Further columns. One that this version of MLflow doesn't have is read as NULL.
    static var columns: [StaticString] { get }

    /// Reads a row that has the columns of `key` and behind them those of `columns`.
    init(_ row: borrowing Row)

    /// The values of the columns of `key`.
    var keyValues: [SQLValue] { get }
}

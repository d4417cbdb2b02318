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

    /// How many rows there are of a kind, in all workspaces.
    package func rowCount<Record: SourceRecord>(of _: Record.Type) async throws -> Int {
        let statement: SQL = "SELECT COUNT(*) FROM \(name) WHERE \(SQL(stringLiteral: Record.condition))"
        return try await database.read { connection in
            Int(clamping: try connection.first(statement) { $0.int(0) } ?? 0)
        }
    }

    /// The rows of a kind behind the one with the key `last`, in the order of their keys; from the beginning when it is `nil`.
    package func batch<Record: SourceRecord>(of _: Record.Type, after last: [SQLValue]?, limit: Int) async throws -> [Record] {
        let key = Record.key.map(SQL.init(stringLiteral:)).joined(separator: ", ")
        let rest = Record.columns.map { column in
            isSelectable(column.description) ? SQL(stringLiteral: column) : "NULL"
        }
        var conditions: [SQL] = [SQL(stringLiteral: Record.condition)]
        if has("workspace") { conditions.append("\(name).workspace = \(Self.workspace)") }
        if let last { conditions.append("(\(key)) > \(.rows([last]))") }
        let statement: SQL = """
            SELECT \(([key] + rest).joined(separator: ", ")) FROM \(name) \(SQL(stringLiteral: Record.joins))
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(key) LIMIT \(limit)
            """
        return try await database.read { try $0.rows(statement, Record.init) }
    }

    /// Whether a column is there; one of a joined table, which is written with a dot, always is.
    private func isSelectable(_ column: String) -> Bool { column.contains(".") || has(column) }
}

/// A row of a table of MLflow's, as far as we take it over.
package protocol SourceRecord: Sendable {
    /// What the rows are called in progress and counts; the table's name unless several kinds of rows share the table.
    static var name: StaticString { get }
    static var table: StaticString { get }
    /// `JOIN` clauses for columns of other tables; columns that two of the tables have are then written with a dot.
    static var joins: StaticString { get }
    /// Tells the rows of this kind from others in the table, by the table's own columns.
    static var condition: StaticString { get }
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

extension SourceRecord {
    package static var name: StaticString { table }
    package static var joins: StaticString { "" }
    package static var condition: StaticString { "1 = 1" }
}

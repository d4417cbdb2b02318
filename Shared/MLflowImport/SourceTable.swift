package import Database

/// A table of an MLflow database.
package struct SourceTable: Sendable {
    /// The only workspace that is imported. Versions before 3.10 have no workspaces.
    private static let workspace = "default"

    let name: SQL
    let columns: Set<String>
    let database: any Database

    /// Whether the table has a column in this version of MLflow.
    package func has(_ column: String) -> Bool { columns.contains(column) }

    /// The number of rows of a record type, in all workspaces.
    package func rowCount<Record: SourceRecord>(of _: Record.Type) async throws -> Int {
        let statement: SQL = "SELECT COUNT(*) FROM \(name) WHERE \(SQL(stringLiteral: Record.condition))"
        return try await database.read { connection in
            Int(clamping: try connection.first(statement) { $0.int(0) } ?? 0)
        }
    }

    /// The rows of a record type after the key `last`, ordered by key; from the beginning when `last` is `nil`.
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

    /// Whether a column exists. Columns of a joined table, which contain a dot, always do.
    private func isSelectable(_ column: String) -> Bool { column.contains(".") || has(column) }
}

/// The imported columns of a row of one of MLflow's tables.
package protocol SourceRecord: Sendable {
    /// The name of the records in progress events and counts: the table's name unless several record types share the table.
    static var name: StaticString { get }
    /// The name of the table.
    static var table: StaticString { get }
    /// `JOIN` clauses for columns of other tables. Columns that exist in both tables must be qualified.
    static var joins: StaticString { get }
    /// The SQL condition that selects the rows of this record type, on the table's own columns.
    static var condition: StaticString { get }
    /// The columns that identify a row within a workspace, in the order of MLflow's primary key, so that its index serves the ordering.
    static var key: [StaticString] { get }
    /// Additional columns. Columns that don't exist in this version of MLflow are read as NULL.
    static var columns: [StaticString] { get }

    /// Decodes a row with the columns of `key`, followed by those of `columns`.
    init(_ row: borrowing Row)

    /// The values of the `key` columns.
    var keyValues: [SQLValue] { get }
}

extension SourceRecord {
    package static var name: StaticString { table }
    package static var joins: StaticString { "" }
    package static var condition: StaticString { "1 = 1" }
}

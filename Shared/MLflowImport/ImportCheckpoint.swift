internal import Database
internal import WireProtocol

/// How far an import has come, kept in our own database: a row changes in the transaction that writes what it tells of.
struct ImportCheckpoint: Sendable {
    /// A place in a table of the source.
    struct Position: Sendable {
        /// The key of the last row that was taken over, `nil` before the first.
        var last: [SQLValue]?
        /// How many rows have been taken over.
        var done = 0
    }

    /// Names the source and how it is imported, and holds no password.
    let source: String

    private static let migrations: [Migration] = {
        let table: StaticString = """
            CREATE TABLE mlflow_import_progress (
                source TEXT NOT NULL,
                name TEXT NOT NULL,
                last_key TEXT NOT NULL,
                done BIGINT NOT NULL,
                PRIMARY KEY (source, name))
            """
        return [Migration("progress of imports", sqlite: table, postgresql: table)]
    }()

    func prepare(_ database: any Database) async throws {
        try await database.migrate(service: "mlflow-import", Self.migrations)
    }

    func position(in name: String, _ connection: any Connection) throws -> Position {
        let found = try connection.first(
            "SELECT last_key, done FROM mlflow_import_progress WHERE source = \(source) AND name = \(name)"
        ) { row in Position(last: Self.key(row.text(0)), done: Int(clamping: row.int(1))) }
        guard let found, found.last != nil else { return Position() }
        return found
    }

    func set(_ position: Position, in name: String, _ connection: any Connection) throws {
        guard let last = position.last else { return }
        try connection.execute(
            """
            INSERT INTO mlflow_import_progress (source, name, last_key, done)
            VALUES (\(source), \(name), \(Self.text(last)), \(position.done))
            ON CONFLICT (source, name) DO UPDATE SET last_key = excluded.last_key, done = excluded.done
            """)
    }

    func clear(_ connection: any Connection) throws {
        try connection.execute("DELETE FROM mlflow_import_progress WHERE source = \(source)")
    }

    // MARK: Keys as text

    /// A JSON list of the key's values; of a number with a fraction there are the bits, in a list of their own, so that it stays
    /// exactly the same.
    private static func text(_ key: [SQLValue]) -> String {
        JSONValue.array(
            key.map { value in
                switch value {
                // No key has bytes or arrays.
                case .null, .bytes, .array: .null
                case .integer(let value): .integer(value)
                case .double(let value): .array([.string(String(value.bitPattern))])
                case .text(let value): .string(value)
                }
            }
        ).jsonString
    }

    private static func key(_ text: String) -> [SQLValue]? {
        guard case .array(let values)? = try? JSONValue(parsing: text) else { return nil }
        return values.map { value in
            switch value {
            case .integer(let value): .integer(value)
            case .string(let value): .text(value)
            case .array(let bits):
                .double(bits.first?.stringValue.flatMap { UInt64($0) }.map { Double(bitPattern: $0) } ?? 0)
            default: .null
            }
        }
    }
}

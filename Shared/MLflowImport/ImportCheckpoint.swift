internal import Database
internal import WireProtocol

/// The progress of an import, stored in our own database. A checkpoint is updated in the transaction that writes the imported rows.
struct ImportCheckpoint: Sendable {
    /// A position in a table of the source.
    struct Position: Sendable {
        /// The key of the last imported row; `nil` before the first.
        var last: [SQLValue]?
        /// The number of imported rows.
        var done = 0
    }

    /// Identifies the source and the import's options. Contains no password.
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

    // MARK: Encoding of keys

    /// A JSON array of the key's values. A floating-point number is encoded as a nested array with its bit pattern, so that it is
    /// restored exactly.
    private static func text(_ key: [SQLValue]) -> String {
        JSONValue.array(
            key.map { value in
                switch value {
                // Keys never contain bytes or arrays.
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

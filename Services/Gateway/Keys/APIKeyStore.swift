internal import Database
internal import JSON
internal import Primitives
internal import WireProtocol

/// Access to the keys in the database.
struct APIKeyStore: Sendable {
    let database: any Database

    private static let columns: SQL = "id, name, team, routes, hint, created_at, expires_at, revoked_at"

    func add(_ key: VirtualKey, hash: [UInt8]) async throws {
        let routes = key.routes.map { JSONValue.array($0.map { .string($0) }).jsonString }
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO gateway_keys (id, hash, name, team, routes, hint, created_at, expires_at, changed_at)
                VALUES (\(key.id), \(Hex.encode(hash)), \(key.name), \(key.team), \(routes), \(key.hint), \(key.createdAt),
                    \(key.expiresAt), \(Self.nextChange(key.createdAt)))
                """)
        }
    }

    /// The timestamp for a change, later than all others even if this machine's clock is behind.
    private static func nextChange(_ now: UnixMilliseconds) -> SQL {
        "(SELECT CASE WHEN MAX(changed_at) >= \(now) THEN MAX(changed_at) + 1 ELSE \(now) END FROM gateway_keys)"
    }

    /// Returns all keys, newest first.
    func all() async throws -> [VirtualKey] {
        try await database.read { connection in
            try connection.rows("SELECT \(Self.columns) FROM gateway_keys ORDER BY created_at DESC, id") { Self.key($0) }
        }
    }

    func isEmpty() async throws -> Bool { try await database.read { try !$0.exists("SELECT 1 FROM gateway_keys LIMIT 1") } }

    /// Returns the key with a hash, or `nil`.
    func find(hash: [UInt8]) async throws -> VirtualKey? {
        try await database.read(.point) { connection in
            try connection.first("SELECT \(Self.columns) FROM gateway_keys WHERE hash = \(Hex.encode(hash))") { Self.key($0) }
        }
    }

    /// Returns the keys that have changed since a time, with their hashes.
    func changed(since time: UnixMilliseconds) async throws -> [(hash: String, key: VirtualKey, changedAt: UnixMilliseconds)] {
        try await database.read { connection in
            try connection.rows("SELECT \(Self.columns), hash, changed_at FROM gateway_keys WHERE changed_at >= \(time)") {
                ($0.text(8), Self.key($0), $0.quantity(9))
            }
        }
    }

    /// Revokes a key.
    ///
    /// - Returns: `false` if the key doesn't exist.
    func revoke(id: String, at now: UnixMilliseconds) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE gateway_keys SET revoked_at = COALESCE(revoked_at, \(now)), changed_at = \(Self.nextChange(now)) WHERE id = \(id)
                """) == 1
        }
    }

    private static func key(_ row: borrowing Row) -> VirtualKey {
        let routes = row.optionalText(3).flatMap { try? JSONValue(parsing: Array($0.utf8)) }?.arrayValue
        return VirtualKey(
            id: row.text(0), name: row.text(1), team: row.optionalText(2), routes: routes?.compactMap(\.stringValue), hint: row.text(4),
            createdAt: row.quantity(5), expiresAt: row.optionalQuantity(6), revokedAt: row.optionalQuantity(7))
    }
}

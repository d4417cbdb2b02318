internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// Creates API keys.
struct APIKeyIssuer: Sendable {
    let store: APIKeyStore
    let time: TimeSource

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    /// Creates a key and stores its hash.
    ///
    /// - Parameters:
    ///   - name: a display name of 1 to 200 bytes.
    ///   - routes: the routes that the key may use; `nil` for all.
    ///   - lifetime: `nil` for a key that never expires.
    /// - Throws: `ServiceError` for an invalid name, `DatabaseError`.
    func issue(name: String, team: String?, routes: [String]?, lifetime: Duration?) async throws -> IssuedKey {
        if let lifetime, lifetime < .seconds(1) {
            throw ServiceError.invalidParameter("'expires' must be at least 1s.", parameter: "expires")
        }
        guard !name.isEmpty, name.utf8.count <= 200 else {
            throw ServiceError.invalidParameter("'name' must be 1 to 200 bytes long.", parameter: "name")
        }
        let key = "sk-unladen-" + Self.randomString(43)
        let now = time.now()
        let entry = VirtualKey(
            id: "key_" + Self.randomString(16), name: name, team: team, routes: routes,
            hint: "\(key.prefix(14))…\(key.suffix(4))", createdAt: now, expiresAt: lifetime.map { now + $0 })
        try await store.add(entry, hash: APIKeyHash.of(key))
        return IssuedKey(key: key, entry: entry)
    }

    /// Returns random characters from the system's cryptographically secure generator; 43 of them have 256 bits.
    private static func randomString(_ count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }
}

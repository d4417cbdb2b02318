internal import Crypto
internal import JSON
internal import ServiceKit

/// Makes keys.
struct APIKeyIssuer: Sendable {
    let store: APIKeyStore
    let time: TimeSource

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    /// - Parameters:
    ///   - name: what people call it; at most 200 bytes.
    ///   - lifetime: in milliseconds.
    func issue(name: String, team: String?, routes: [String]?, lifetime: Int64?) async throws -> IssuedKey {
        guard !name.isEmpty, name.utf8.count <= 200 else {
            throw GatewayError.invalid("'name' must have 1 to 200 bytes.", param: "name")
        }
        let key = "sk-unladen-" + Self.randomString(43)
        let now = time.now()
        let entry = VirtualKey(
            id: "key_" + Self.randomString(16), name: name, team: team, routes: routes,
            hint: "\(key.prefix(14))…\(key.suffix(4))", createdAt: now, expiresAt: lifetime.map { now + $0 })
        try await store.add(entry, hash: APIKeyHash.of(key))
        return IssuedKey(key: key, entry: entry)
    }

    /// Letters from the system's source of chance for secrets; 43 have 256 bits.
    private static func randomString(_ count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }
}

internal import Crypto
internal import JSON
internal import ServiceKit

/// Makes keys.
struct KeyMaker: Sendable {
    let store: KeyStore
    let time: TimeSource

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    /// - Parameters:
    ///   - name: what people call it; at most 200 bytes.
    ///   - lifetime: in milliseconds.
    func make(name: String, team: String?, routes: [String]?, lifetime: Int64?) async throws -> NewKey {
        guard !name.isEmpty, name.utf8.count <= 200 else {
            throw GatewayError.invalid("'name' must have 1 to 200 bytes.", param: "name")
        }
        let key = "sk-unladen-" + Self.text(43)
        let now = time.now()
        let entry = VirtualKey(
            id: "key_" + Self.text(16), name: name, team: team, routes: routes, hint: "\(key.prefix(14))…\(key.suffix(4))", createdAt: now,
            expiresAt: lifetime.map { now + $0 })
        try await store.add(entry, hash: KeyHash.of(key))
        return NewKey(key: key, entry: entry)
    }

    /// Letters from the system's source of chance for secrets; 43 have 256 bits.
    private static func text(_ count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
    }
}

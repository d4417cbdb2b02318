internal import Primitives
internal import WireProtocol

/// A key for clients of this gateway. Only the key's hash is stored, never the key itself.
struct VirtualKey: Sendable, Equatable, JSONWritable {
    /// `key_` and 16 alphanumeric characters.
    var id: String
    var name: String
    var team: String?
    /// The routes that the key may use; `nil` for all.
    var routes: [String]?
    /// The first and last characters of the key, so that people can tell keys apart.
    var hint: String
    var createdAt: UnixMilliseconds
    var expiresAt: UnixMilliseconds?
    var revokedAt: UnixMilliseconds?

    /// Whether the key is neither revoked nor expired.
    func isValid(at now: UnixMilliseconds) -> Bool { revokedAt == nil && (expiresAt.map { $0 > now } ?? true) }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("id", id)
            json.field("name", name)
            json.field("team", team)
            if let routes {
                json.name("routes")
                json.array { json in for route in routes { json.string(route) } }
            }
            json.field("hint", hint)
            json.field("created_at", createdAt)
            json.field("expires_at", expiresAt)
            json.field("revoked_at", revokedAt)
        }
    }
}

/// A newly created key, with its secret: this is the only time that the secret is shown.
struct IssuedKey: Sendable, JSONWritable {
    var key: String
    var entry: VirtualKey

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("key", key)
            json.field("entry", entry)
        }
    }
}

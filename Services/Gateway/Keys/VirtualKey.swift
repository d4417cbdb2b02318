internal import WireProtocol

/// A key that clients of this gateway show. The key itself is nowhere: only its hash is.
struct VirtualKey: Sendable, Equatable, JSONWritable {
    /// `key_` and 16 letters.
    var id: String
    var name: String
    var team: String?
    /// The routes that it opens; `nil`: all.
    var routes: [String]?
    /// How the key begins and ends, so that people tell keys apart.
    var hint: String
    // Milliseconds since 1970.
    var createdAt: Int64
    var expiresAt: Int64?
    var revokedAt: Int64?

    func isValid(at now: Int64) -> Bool { revokedAt == nil && (expiresAt.map { $0 > now } ?? true) }

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

/// A key that was just made: the only time that it is shown.
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

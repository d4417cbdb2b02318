package import Primitives

/// A key for clients of the gateway. Only the key's hash is stored, never the key itself.
package struct VirtualKey: Equatable, ProtobufMessage, JSONWritable {
    /// `key_` and 16 alphanumeric characters.
    package var id: String
    package var name: String
    package var team: String?
    /// The routes that the key may use; `nil` for all.
    package var routes: [String]?
    /// The first and last characters of the key, so that people can tell keys apart.
    package var hint: String
    package var createdAt: UnixMilliseconds
    package var expiresAt: UnixMilliseconds?
    package var revokedAt: UnixMilliseconds?

    package init(
        id: String, name: String, team: String? = nil, routes: [String]? = nil, hint: String, createdAt: UnixMilliseconds,
        expiresAt: UnixMilliseconds? = nil, revokedAt: UnixMilliseconds? = nil
    ) {
        self.id = id
        self.name = name
        self.team = team
        self.routes = routes
        self.hint = hint
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }

    package init(_ fields: MessageFields) throws {
        id = try fields.string("id") ?? ""
        name = try fields.string("name") ?? ""
        team = try fields.string("team")
        routes = fields.has("routes") ? try fields.strings("routes") : nil
        hint = try fields.string("hint") ?? ""
        createdAt = try fields.time("created_at") ?? UnixMilliseconds(0)
        expiresAt = try fields.time("expires_at")
        revokedAt = try fields.time("revoked_at")
    }

    /// Whether the key is neither revoked nor expired.
    package func isValid(at now: UnixMilliseconds) -> Bool { revokedAt == nil && (expiresAt.map { $0 > now } ?? true) }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("id", id)
            json.field("name", name)
            json.field("team", team)
            if let routes { json.list("routes", routes) }
            json.field("hint", hint)
            json.field("created_at", createdAt)
            json.field("expires_at", expiresAt)
            json.field("revoked_at", revokedAt)
        }
    }
}

/// Where the gateway listens, and the key that this server shows it.
package struct GatewaySettings: Sendable {
    /// Without a slash at the end.
    package let url: String
    /// A key of the gateway's. It never leaves the server.
    package let key: String?

    /// - Throws: `InvalidGatewaySettings`.
    package init(url: String, key: String? = nil) throws(InvalidGatewaySettings) {
        let url = url.hasSuffix("/") ? String(url.dropLast()) : url
        let address = ["http://", "https://"].lazy.compactMap { url.hasPrefix($0) ? url.dropFirst($0.count) : nil }.first
        guard let address, Self.isAddress(address) else {
            throw InvalidGatewaySettings(message: "must be the URL of a gateway, such as http://127.0.0.1:5002")
        }
        if let key {
            guard !key.isEmpty, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw InvalidGatewaySettings(message: "the key may have printable ASCII characters only")
            }
        }
        self.url = url
        self.key = key
    }

    /// Whether a text can stand behind `http://`: a host and perhaps a path, without a user, a query or a fragment.
    private static func isAddress(_ text: Substring) -> Bool {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !text.contains { "?#@\\".contains($0) }
        return isPlain && !text.isEmpty && !text.hasSuffix(":") && !text.hasPrefix("/")
    }
}

/// Why the settings can't be used.
package struct InvalidGatewaySettings: Error {
    package let message: String
}

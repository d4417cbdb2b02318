internal import ServiceClient

/// The gateway's address, and the key that this server uses to call it.
package struct GatewaySettings: Sendable {
    let address: ServiceAddress
    /// An API key of the gateway, which is never sent to clients.
    package let key: String?

    /// Validates the URL and the key.
    ///
    /// - Throws: `InvalidGatewaySettings` for an invalid URL or key.
    package init(url: String, key: String? = nil) throws(InvalidGatewaySettings) {
        let url = url.hasSuffix("/") ? String(url.dropLast()) : url
        let hostAndPath = ["http://", "https://"].lazy.compactMap { url.hasPrefix($0) ? url.dropFirst($0.count) : nil }.first
        guard let hostAndPath, Self.isHostAndPath(hostAndPath), let address = ServiceAddress(url) else {
            throw .url
        }
        if let key {
            guard !key.isEmpty, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw .key
            }
        }
        self.address = address
        self.key = key
    }

    /// The base URL, without a trailing slash.
    package var url: String { address.description }

    /// Whether a string may follow `http://`: a host with an optional path, without a user, a query or a fragment.
    private static func isHostAndPath(_ text: Substring) -> Bool {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !text.contains { "?#@\\".contains($0) }
        return isPlain && !text.isEmpty && !text.hasSuffix(":") && !text.hasPrefix("/")
    }
}

/// Which of the settings is invalid.
package enum InvalidGatewaySettings: Error {
    /// Not an `http` or `https` URL with a host.
    case url
    /// Empty, or with characters that a header can't have.
    case key
}

/// The scheme, host and port of a connection.
struct Origin: Hashable, Sendable {
    var isEncrypted: Bool
    var host: String
    var port: Int

    /// The value of the `Host` header.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isEncrypted ? 443 : 80) ? name : "\(name):\(port)"
    }
}

/// An http or https URL, parsed as far as a request needs.
struct UpstreamURL: Sendable {
    var origin: Origin
    /// The request target: path and query.
    var target: String

    /// Parses a URL; `nil` if it is not a valid http or https URL or contains user info.
    init?(_ text: String) {
        let isEncrypted: Bool
        let rest: Substring
        if text.hasPrefix("https://") {
            (isEncrypted, rest) = (true, text.dropFirst(8))
        } else if text.hasPrefix("http://") {
            (isEncrypted, rest) = (false, text.dropFirst(7))
        } else {
            return nil
        }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@"), !authority.isEmpty else { return nil }
        var host = authority
        var port = isEncrypted ? 443 : 80
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            port = number
            host = authority[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        let tail = rest[end...].prefix { $0 != "#" }
        guard !tail.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
        origin = Origin(isEncrypted: isEncrypted, host: String(host), port: port)
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
    }
}

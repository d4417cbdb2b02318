internal import HTTPTypes
package import Hummingbird

/// Protects a service without a login from malicious pages in its users' browsers: it accepts only known names in `Host` (DNS rebinding)
/// and no state-changing requests from other sites (CSRF). The rules and responses are MLflow's (since 3.5).
package struct OriginGuard: Sendable {
    private let hosts: [WildcardPattern]
    private let origins: [WildcardPattern]

    private static let exemptPaths: Set<String> = ["/health", "/livez", "/readyz", "/version", "/metrics"]
    /// This machine and private networks (RFC 1918, RFC 4193).
    static let privateHosts =
        ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "192.168.*", "10.*", "[fc00:*", "[fd00:*"] + (16...31).map { "172.\($0).*" }

    /// - Parameters:
    ///   - hosts: comma-separated accepted values of `Host` without the port; `nil` for localhost and private addresses.
    ///   - origins: comma-separated accepted values of `Origin`; localhost is always accepted.
    init(hosts: String?, origins: String?) {
        self.hosts = hosts.map(Self.patterns) ?? Self.privateHosts.map(WildcardPattern.init)
        self.origins = origins.map(Self.patterns) ?? []
    }

    /// The response that rejects a request; `nil` if it is accepted.
    func rejection(of request: Request) -> Response? {
        rejection(of: request.method, path: request.uri.path, host: request.head.authority, origin: request.headers[.origin])
            .map { .text($0, status: .forbidden) }
    }

    /// Why a request is rejected; `nil` if it is accepted.
    func rejection(of method: HTTPRequest.Method, path: @autoclosure () -> String, host: String?, origin: String?) -> String? {
        if !accepts(host: host ?? ""), !Self.exemptPaths.contains(path()) {
            return "Invalid Host header - possible DNS rebinding attack detected"
        }
        if let origin, method.changesState, !accepts(origin: origin, host: host) { return "Cross-origin request blocked" }
        return nil
    }

    /// Whether a request comes from a page of this service or not from a page at all. For operations that pages of other origins must
    /// never perform, regardless of the allowed origins.
    package static func isSameOrigin(_ request: Request) -> Bool {
        guard let origin = request.headers[.origin] else { return true }
        guard let scheme = origin.firstRange(of: "://"), let host = request.head.authority else { return false }
        return origin[scheme.upperBound...].lowercased() == host.lowercased()
    }

    private func accepts(host authority: String) -> Bool {
        let name = Self.withoutPort(authority)
        return hosts.contains { pattern in
            // A network pattern matches addresses only: anybody can register a name such as 10.example.com.
            if pattern.isNetwork { return Self.isAddress(name) && pattern.matches(name) }
            return pattern.matches(name) || pattern.matches(authority)
        }
    }

    private func accepts(origin: String, host: String?) -> Bool {
        guard let scheme = origin.firstRange(of: "://") else { return false }
        let authority = String(origin[scheme.upperBound...])
        if let host, authority == host { return true }
        if ["localhost", "127.0.0.1", "[::1]"].contains(Self.withoutPort(authority)) { return true }
        return origins.contains { $0.matches(origin) }
    }

    private static func withoutPort(_ authority: String) -> String {
        // An IPv6 address is in brackets, so a colon after the closing bracket starts the port.
        guard let colon = authority.utf8.lastIndex(of: UInt8(ascii: ":")), !authority.utf8[colon...].contains(UInt8(ascii: "]")) else {
            return authority
        }
        return String(authority[..<colon])
    }

    /// Whether a host is an IPv4 address or an IPv6 address in brackets.
    private static func isAddress(_ host: String) -> Bool {
        if host.hasPrefix("[") { return host.hasSuffix("]") }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.allSatisfy { UInt8($0) != nil }
    }

    private static func patterns(_ list: String) -> [WildcardPattern] {
        list.split(separator: ",").map { WildcardPattern(String($0.drop { $0 == " " }.prefix { $0 != " " })) }
    }
}

extension HTTPRequest.Method {
    fileprivate var changesState: Bool { self == .post || self == .put || self == .delete || self == .patch }
}

/// A pattern in which `*` matches any number of characters.
struct WildcardPattern: Sendable {
    private let parts: [String]

    /// Whether the pattern is a prefix of addresses, such as `192.168.*` or `[fd00:*`.
    let isNetwork: Bool

    init(_ pattern: String) {
        parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        let isBeginning = pattern.hasSuffix("*") && pattern.count > 1
        isNetwork = isBeginning && (pattern.hasPrefix("[") || pattern.dropLast().allSatisfy { "0123456789.".contains($0) })
    }

    func matches(_ text: String) -> Bool {
        guard parts.count > 1 else { return parts.first == text }
        guard let first = parts.first, let last = parts.last, text.hasPrefix(first), text.hasSuffix(last),
            text.count >= first.count + last.count
        else { return false }
        var rest = text.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}

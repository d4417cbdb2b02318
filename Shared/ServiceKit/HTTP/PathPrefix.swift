internal import HTTPTypes
package import Hummingbird

/// An additional path prefix for all routes of a service, such as `/mlflow` behind a company's reverse proxy.
package struct PathPrefix: Sendable, Hashable {
    /// The path, with a leading slash and without a trailing one.
    package let path: String

    /// The first segments of the service's own paths, with which a prefix would be ambiguous.
    private static let reserved: Set<String> = [
        "api", "ajax-api", "gateway", "get-artifact", "graphql", "health", "livez", "metrics", "model-versions", "readyz", "static-files",
        "v1", "version",
    ]

    /// - Parameter option: the flag's name, for error messages.
    /// - Throws: `ConfigurationError` unless the path consists of segments of unreserved characters, each preceded by a slash.
    package init(_ path: String, option: String = "--static-prefix") throws {
        guard path.hasPrefix("/") else { throw ConfigurationError("\(option) must start with '/', not '\(path)'.") }
        guard !path.hasSuffix("/") else { throw ConfigurationError("\(option) must not end with '/', but is '\(path)'.") }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for segment in segments {
            guard !segment.isEmpty, segment != ".", segment != "..", segment.utf8.allSatisfy(Self.isAllowed) else {
                throw ConfigurationError(
                    "\(option) must consist of letters, digits, '-._~' and single slashes, not '\(path)'.")
            }
        }
        if let first = segments.first, Self.reserved.contains(String(first)) {
            throw ConfigurationError("\(option) can't start with '/\(first)' because the service itself uses that path.")
        }
        self.path = path
    }

    /// The unreserved characters of RFC 3986, section 2.3, which don't need percent-encoding.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~".utf8.contains(byte)
        }
    }

    /// The request target without the prefix; `nil` if it doesn't start with the prefix.
    package func stripped(from target: String) -> String? {
        let (target, path) = (target.utf8, path.utf8)
        guard target.starts(with: path), let end = target.index(target.startIndex, offsetBy: path.count, limitedBy: target.endIndex),
            end != target.endIndex, target[end] == UInt8(ascii: "/")
        else { return nil }
        return String(Substring(target[end...]))
    }
}

/// Strips the prefix from request paths before routing, so that routes and handlers don't depend on it.
package struct PrefixResponder<Base: HTTPResponder>: HTTPResponder {
    let base: Base
    let prefix: PathPrefix?

    package func respond(to request: Request, context: Base.Context) async throws -> Response {
        guard let prefix, let target = request.head.path, let inner = prefix.stripped(from: target) else {
            return try await base.respond(to: request, context: context)
        }
        var head = request.head
        head.path = inner
        return try await base.respond(to: Request(head: head, body: request.body), context: context)
    }
}

/// A router whose routes are also served under a prefix.
package struct PrefixedRouter: HTTPResponderBuilder {
    let router: Router<ServiceRequestContext>
    let prefix: PathPrefix?

    package func buildResponder() -> PrefixResponder<RouterResponder<ServiceRequestContext>> {
        PrefixResponder(base: router.buildResponder(), prefix: prefix)
    }
}

extension APIRoutes {
    /// Redirects from the prefix without a trailing slash to the one with it, against which a page's relative URLs are resolved.
    func registerRedirect(to prefix: PathPrefix) {
        at(.get, prefix.path, requires: .public) { request, _ in
            let query = request.uri.query.map { "?\($0)" } ?? ""
            return Response(status: .permanentRedirect, headers: [.location: "\(prefix.path)/\(query)"])
        }
    }
}

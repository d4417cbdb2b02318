internal import HTTPTypes
package import Hummingbird

/// A path below which all of a service's routes are served as well, such as `/mlflow` behind a company's reverse proxy.
package struct PathPrefix: Sendable, Hashable {
    /// With a slash at its start and none at its end.
    package let path: String

    /// First segments of the service's own paths: below such a prefix, it would be unclear which of the two is meant.
    private static let reserved: Set<String> = [
        "api", "ajax-api", "gateway", "get-artifact", "graphql", "health", "livez", "metrics", "model-versions", "readyz", "static-files",
        "v1", "version",
    ]

    /// - Parameter option: the flag, for messages.
    /// - Throws: `ConfigurationError` for anything but names with a slash before each.
    package init(_ path: String, option: String = "--static-prefix") throws {
        guard path.hasPrefix("/") else { throw ConfigurationError("\(option) must begin with a '/', unlike '\(path)'") }
        guard !path.hasSuffix("/") else { throw ConfigurationError("\(option) must not end with a '/', unlike '\(path)'") }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for segment in segments {
            guard !segment.isEmpty, segment != ".", segment != "..", segment.utf8.allSatisfy(Self.isAllowed) else {
                throw ConfigurationError(
                    "\(option) must consist of letters, digits and '-._~', with single slashes between them, unlike '\(path)'")
            }
        }
        if let first = segments.first, Self.reserved.contains(String(first)) {
            throw ConfigurationError("\(option) can't begin with '/\(first)', because that is a path of the service's own")
        }
        self.path = path
    }

    /// The unreserved characters of RFC 3986, section 2.3, which have one spelling only.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~".utf8.contains(byte)
        }
    }

    /// The target of a request without the prefix; `nil` for a target outside of it.
    package func stripped(from target: String) -> String? {
        let (target, path) = (target.utf8, path.utf8)
        guard target.starts(with: path), let end = target.index(target.startIndex, offsetBy: path.count, limitedBy: target.endIndex),
            end != target.endIndex, target[end] == UInt8(ascii: "/")
        else { return nil }
        return String(Substring(target[end...]))
    }
}

/// Removes a prefix from the paths of requests before they are routed, so that nothing behind it has to know the prefix.
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

/// A router whose paths are also served below a prefix.
package struct PrefixedRouter: HTTPResponderBuilder {
    let router: Router<ServiceRequestContext>
    let prefix: PathPrefix?

    package func buildResponder() -> PrefixResponder<RouterResponder<ServiceRequestContext>> {
        PrefixResponder(base: router.buildResponder(), prefix: prefix)
    }
}

extension APIRoutes {
    /// Leads from the prefix without a slash to that with one, against which a page's relative URLs are resolved.
    func registerRedirect(to prefix: PathPrefix) {
        at(.get, prefix.path) { request, _ in
            let query = request.uri.query.map { "?\($0)" } ?? ""
            return Response(status: .permanentRedirect, headers: [.location: "\(prefix.path)/\(query)"])
        }
    }
}

package import HTTPTypes
package import Hummingbird
internal import Synchronization

/// Registers a service's routes.
package struct APIRoutes {
    package let router: Router<ServiceRequestContext>
    let paths: RegisteredPaths

    package init(router: Router<ServiceRequestContext>) {
        self.router = router
        paths = RegisteredPaths()
    }

    /// Registers a handler for exactly this path.
    package func at(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (Request, ServiceRequestContext) async throws -> Response
    ) {
        paths.insert(path)
        router.on(RouterPath(path), method: method, use: handler)
    }
}

/// The paths that have a route for some method, which distinguishes a wrong method (405) from an unknown path (404).
package final class RegisteredPaths: Sendable {
    private let paths = Mutex(Set<[Substring]>())

    func insert(_ path: String) {
        paths.withLock { _ = $0.insert(path.split(separator: "/")) }
    }

    func contains(_ path: String) -> Bool {
        let segments = path.split(separator: "/")
        return paths.withLock { paths in
            paths.contains(segments) || paths.contains { Self.matches($0, segments) }
        }
    }

    /// Whether a path matches a route: `{name}` matches any segment, `**` all remaining ones.
    private static func matches(_ route: [Substring], _ path: [Substring]) -> Bool {
        guard route.last == "**" ? route.count <= path.count : route.count == path.count else { return false }
        return zip(route, path).allSatisfy { $0 == $1 || $0 == "**" || $0.hasPrefix("{") }
    }
}

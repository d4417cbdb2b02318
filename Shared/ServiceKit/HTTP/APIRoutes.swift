internal import HTTPTypes
package import Hummingbird
internal import Synchronization
package import WireProtocol

/// Registers a service's routes as in MLflow's API: under `/api` for clients and again under `/ajax-api` for browsers.
package struct APIRoutes {
    package typealias Handler<Output: JSONWritable & Sendable> =
        @Sendable (_ fields: RequestFields, _ context: ServiceRequestContext) async throws -> Output

    package let router: Router<ServiceRequestContext>
    let paths: RegisteredPaths

    package init(router: Router<ServiceRequestContext>) {
        self.router = router
        paths = RegisteredPaths()
    }

    /// Registers a handler for `/api/2.0/mlflow/…`, which receives the request's fields and returns the response.
    ///
    /// - Parameter isLarge: whether a response may be megabytes long; it is then encoded off the event loop.
    package func mlflow<Output>(
        _ method: HTTPRequest.Method, _ path: String, version: String = "2.0", isLarge: Bool = false,
        _ handler: @escaping Handler<Output>
    ) {
        mlflow(method, path, version: version, isLarge: { _ in isLarge }, handler)
    }

    /// Registers a handler for `/api/2.0/mlflow/…` whose responses are sometimes large.
    ///
    /// - Parameter isLarge: whether encoding a response as JSON may take more than a few milliseconds; it is then encoded off the event
    ///   loop.
    package func mlflow<Output>(
        _ method: HTTPRequest.Method, _ path: String, version: String = "2.0", isLarge: @escaping @Sendable (Output) -> Bool,
        _ handler: @escaping Handler<Output>
    ) {
        raw(method, "\(version)/mlflow/\(path)") { request, context in
            try await RequestFields.handle(request, context) { fields in
                let response = try await handler(fields, context)
                return isLarge(response) ? await offEventLoop { .json(response) } : .json(response)
            }
        }
    }

    /// Registers a handler for `/api/PATH` and `/ajax-api/PATH` that reads the request and creates the response itself.
    package func raw(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (Request, ServiceRequestContext) async throws -> Response
    ) {
        for prefix in ["/api/", "/ajax-api/"] { at(method, prefix + path, handler) }
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

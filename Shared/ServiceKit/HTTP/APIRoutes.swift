internal import HTTPTypes
package import Hummingbird
internal import Synchronization
package import WireProtocol

/// A service's routes as MLflow's API has them: each twice, under `/api` for clients and under `/ajax-api` for browsers.
package struct APIRoutes {
    package typealias Handler<Answer: JSONWritable & Sendable> =
        @Sendable (_ fields: RequestFields, _ context: ServiceContext) async throws -> Answer

    package let router: Router<ServiceContext>
    let paths: KnownPaths

    package init(router: Router<ServiceContext>) {
        self.router = router
        paths = KnownPaths()
    }

    /// Registers a handler of `/api/2.0/mlflow/…`, which gets the request's fields and returns its answer.
    ///
    /// - Parameter isLarge: whether an answer may have megabytes.
    package func mlflow<Answer>(
        _ method: HTTPRequest.Method, _ path: String, version: String = "2.0", isLarge: Bool = false,
        _ handler: @escaping Handler<Answer>
    ) {
        mlflow(method, path, version: version, isLarge: { _ in isLarge }, handler)
    }

    /// Registers a handler of `/api/2.0/mlflow/…` whose answers are sometimes large.
    ///
    /// - Parameter isLarge: whether to write an answer as JSON may take more than a few milliseconds.
    package func mlflow<Answer>(
        _ method: HTTPRequest.Method, _ path: String, version: String = "2.0", isLarge: @escaping @Sendable (Answer) -> Bool,
        _ handler: @escaping Handler<Answer>
    ) {
        raw(method, "\(version)/mlflow/\(path)") { request, context in
            try await RequestFields.handle(request, context) { fields in
                let response = try await handler(fields, context)
                return isLarge(response) ? await offEventLoop { .json(response) } : .json(response)
            }
        }
    }

    /// Registers a handler that reads the request and makes the answer itself, under `/api/PATH` and `/ajax-api/PATH`.
    package func raw(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (Request, ServiceContext) async throws -> Response
    ) {
        for prefix in ["/api/", "/ajax-api/"] { at(method, prefix + path, handler) }
    }

    /// Registers a handler at exactly this path.
    package func at(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (Request, ServiceContext) async throws -> Response
    ) {
        paths.insert(path)
        router.on(RouterPath(path), method: method, use: handler)
    }
}

/// The paths that have a route for some method, to tell a wrong method (405) from an unknown path (404).
package final class KnownPaths: Sendable {
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

    /// Whether a path is one of a route: `{name}` stands for any segment, `**` for all that follow.
    private static func matches(_ route: [Substring], _ path: [Substring]) -> Bool {
        guard route.last == "**" ? route.count <= path.count : route.count == path.count else { return false }
        return zip(route, path).allSatisfy { $0 == $1 || $0 == "**" || $0.hasPrefix("{") }
    }
}

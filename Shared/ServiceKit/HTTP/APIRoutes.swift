internal import HTTPTypes
package import Hummingbird
internal import NIOCore
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
        raw(method, "\(version)/mlflow/\(path)") { request, context in
            let fields = try await RequestFields.read(from: request, context: context)
            let answer = try await handler(fields, context)
            return isLarge ? await aside { .json(answer) } : .json(answer)
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

/// A longer body takes milliseconds to be read.
private let largeBody = 256 << 10

extension RequestFields {
    /// A request's fields: from the query of a GET that has one, otherwise from the JSON body (old clients send GETs with a
    /// body).
    package static func read(from request: Request, context: ServiceContext) async throws -> RequestFields {
        if request.method == .get, let query = request.uri.query, !query.isEmpty {
            return RequestFields(query: QueryString.pairs(of: query))
        }
        if request.method == .post || request.method == .put { try requireJSON(request) }
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        // These may have no body, and then need no type.
        if request.method == .patch || request.method == .delete, body.readableBytes > 0 { try requireJSON(request) }
        guard body.readableBytes > largeBody else { return try RequestFields(body: body.readableBytesView) }
        return try await aside { try RequestFields(body: body.readableBytesView) }
    }

    /// - Throws: MLflow's error when the body isn't declared as JSON.
    private static func requireJSON(_ request: Request) throws {
        guard let type = request.headers[.contentType] else {
            throw ServiceError.invalidParameter("Bad Request. Content-Type header is missing.")
        }
        // Case-sensitive, as in MLflow.
        guard type.prefix(while: { $0 != ";" }) == "application/json" else {
            throw ServiceError.invalidParameter("Bad Request. Content-Type must be one of ['application/json'].")
        }
    }
}

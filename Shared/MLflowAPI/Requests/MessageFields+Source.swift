internal import HTTPServer
internal import HTTPTypes
package import Hummingbird
internal import NIOCore
package import ServiceKit
package import WireProtocol

extension MessageFields {
    /// The source of a request's fields: the query string of a GET that has one, otherwise the JSON body (old clients send GET requests
    /// with a body).
    enum Source: Sendable {
        case query(String)
        case body(ByteBuffer)

        /// Collects the body if it is the source.
        init(_ request: Request, _ context: ServiceRequestContext) async throws {
            if request.method == .get, let query = request.uri.query, !query.isEmpty {
                self = .query(query)
                return
            }
            if request.method == .post || request.method == .put { try Self.requireJSON(request) }
            let body = try await request.collectBody(in: context)
            // These methods may have no body, and then need no content type.
            if request.method == .patch || request.method == .delete, body.readableBytes > 0 { try Self.requireJSON(request) }
            self = .body(body)
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

        /// Whether parsing and handling the request may take more than a few milliseconds.
        var isLarge: Bool {
            switch self {
            case .query: false
            case .body(let body): body.readableBytes > largeBodyThreshold
            }
        }

        /// Parses the fields, after reserving memory for them.
        func fields(_ context: ServiceRequestContext) throws -> MessageFields {
            switch self {
            case .query(let query): return MessageFields(query: try QueryString.pairs(of: query, limit: context.limits.queryPairs))
            case .body(let body):
                try context.reserve(forValuesIn: body.readableBytesView)
                return try MessageFields(body: body.readableBytesView, limits: context.limits.json) { nested in
                    try context.reserve(forValuesIn: nested.utf8)
                }
            }
        }
    }

    /// Reads a request's fields and passes them to a handler, both off the event loop if the body is large.
    package static func handle<Result: Sendable>(
        _ request: Request, _ context: ServiceRequestContext, _ handler: @Sendable (MessageFields) async throws -> Result
    ) async throws -> Result {
        let source = try await Source(request, context)
        guard source.isLarge else { return try await handler(try source.fields(context)) }
        return try await offEventLoop { try await handler(try source.fields(context)) }
    }

    /// Reads a request's fields from its query string or body.
    package static func read(from request: Request, context: ServiceRequestContext) async throws -> MessageFields {
        let source = try await Source(request, context)
        return source.isLarge ? try await offEventLoop { try source.fields(context) } : try source.fields(context)
    }
}

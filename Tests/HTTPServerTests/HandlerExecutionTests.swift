import Glibc
import Hummingbird
import Logging
import NIOCore
import TestSupport
import Testing
import WireProtocol

@testable import HTTPServer
@testable import ServiceKit

/// Where the handlers of a service's routes run.
@Suite struct HandlerExecutionTests {
    /// Runs `client` on a thread, with a server that has the routes that `register` adds.
    private static func serve(
        logger: Logger = TestServer.quiet, limits: TestServer.Limits = TestServer.Limits(), _ register: (APIRoutes) -> Void,
        _ client: @escaping @Sendable (RawClient) throws -> Void
    ) async throws {
        let routes = APIRoutes(router: Router(context: ServiceRequestContext.self))
        register(routes)
        let responder = routes.router.buildResponder()
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, connection in
            try await responder.respond(to: request, context: ServiceRequestContext(connection: connection, logger: logger))
        }
        try await TestServer.run(handler, limits: limits, logger: logger) { try client($0.client()) }
    }

    /// Responds with whether it runs on the event loop, first at its start and then after it has been suspended.
    private static let probe: APIRoutes.Handler = { _, context in
        let atStart = context.isOnEventLoop
        await Task.yield()
        return .plain("\(atStart) \(context.isOnEventLoop)")
    }

    @Test func `A handler runs off the event loop unless its route is registered to run on it`() async throws {
        try await Self.serve { routes in
            routes.at(.get, "/default", requires: .public, Self.probe)
            routes.at(.get, "/loop", requires: .public, execution: .onEventLoop, Self.probe)
        } _: { client in
            for (path, expected) in [("/default", "false false"), ("/loop", "true true"), ("/default", "false false")] {
                try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(client.response().body == expected)
            }
        }
    }

    @Test func `The body of a response is written on the event loop, wherever the handler ran`() async throws {
        try await Self.serve { routes in
            routes.at(.get, "/", requires: .public) { _, context in
                Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        try await writer.write(ByteBuffer(string: "on the loop: \(context.isOnEventLoop)"))
                        try await writer.finish(nil)
                    })
            }
        } _: { client in
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.read(to: "\r\n0\r\n\r\n").contains("on the loop: true"))
        }
    }

    @Test(arguments: [
        (ErrorFormat.openAI, #"{"error":{"message":"The request needs more memory"#),
        (.anthropic, #"{"type":"error","error":{"type":"invalid_request_error","message":"The request needs more memory"#),
        (.mlflow, #"{"error_code":"INVALID_PARAMETER_VALUE","message":"The request needs more memory"#),
    ])
    func `A response without memory becomes an error in the format of its route`(format: ErrorFormat, body: String) async throws {
        var limits = TestServer.Limits()
        limits.memory = 1 << 20
        try await Self.serve(limits: limits) { routes in
            routes.group(errors: format).at(.get, "/", requires: .public) { _, _ in .plain(String(repeating: "x", count: 2 << 20)) }
        } _: { client in
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = client.response()
            #expect(response.head.hasPrefix("HTTP/1.1 400 "))
            #expect(response.body.hasPrefix(body))
        }
    }

    #if DEBUG
        @Test func `A debug build logs a handler that blocks the event loop, with its route`() async throws {
            let lines = LineRecorder()
            let logger = Logger(service: "test", level: .warning, format: .text) { lines.add($0) }
            try await Self.serve(logger: logger) { routes in
                routes.at(.get, "/slow/{name}", requires: .public, execution: .onEventLoop) { _, _ in
                    usleep(50_000)
                    return .plain("")
                }
            } _: { client in
                try client.send("GET /slow/a HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(client.response().head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
            #expect(lines.all.contains { $0.contains("the event loop was blocked") && $0.contains("/slow/{name}") })
        }
    #endif
}

extension ServiceRequestContext {
    fileprivate var isOnEventLoop: Bool { connection?.loop.inEventLoop == true }
}

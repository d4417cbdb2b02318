import HummingbirdCore
import NIOCore
import Testing
import WireProtocol

@testable import HTTPServer
@testable import ServiceKit

/// A service's handlers that collect the body of a request.
@Suite struct CollectedBodyTests {
    @Test func `A body without memory is rejected, and its memory is available to the next request`() async throws {
        var limits = TestServer.Limits()
        limits.memory = 3 << 20
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, connection in
            let context = ServiceRequestContext(connection: connection, logger: TestServer.quiet)
            do {
                return .plain("\(try await request.collectBody(in: context).readableBytes)")
            } catch {
                return .error(ServiceError(error))
            }
        }
        try await TestServer.run(handler, limits: limits) { server in
            for (size, status) in [(2 << 20, 200), (4 << 20, 400), (2 << 20, 200), (3 << 20, 200)] {
                let client = try server.client()
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
                try client.send([UInt8](repeating: 120, count: size))
                #expect(client.response().head.hasPrefix("HTTP/1.1 \(status) "))
            }
        }
    }
}

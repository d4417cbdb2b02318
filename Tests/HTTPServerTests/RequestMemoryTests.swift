import Hummingbird
import NIOCore
import Testing
import WireProtocol

@testable import HTTPServer

/// The memory budget of all requests in flight.
@Suite struct RequestMemoryTests {
    @Test func `A reservation beyond the budget fails with 503 and changes nothing`() throws {
        let budget = MemoryBudget(limit: 100)
        let (first, second) = (RequestMemory(of: budget), RequestMemory(of: budget))
        try first.reserve(60)
        let error = #expect(throws: ServiceError.self) { try second.reserve(41) }
        #expect(error?.status == 503)
        #expect(error?.retryAfter == 1)
        #expect(budget.used == 60)
        try second.reserve(40)
        #expect(budget.used == 100)
    }

    @Test func `A request that exceeds the whole budget fails with 400`() throws {
        let request = RequestMemory(of: MemoryBudget(limit: 100))
        try request.reserve(60)
        let error = #expect(throws: ServiceError.self) { try request.reserve(41) }
        #expect(error?.code == .invalidParameterValue)
        #expect(error?.retryAfter == nil)
        #expect(request.rejection.code == .invalidParameterValue)
    }

    @Test func `The end of a request releases its memory`() throws {
        let budget = MemoryBudget(limit: 100)
        let request = RequestMemory(of: budget)
        try request.reserve(60)
        request.release(20)
        #expect(budget.used == 40)
        request.releaseAll()
        #expect(budget.used == 0)
        request.releaseAll()
        #expect(budget.used == 0)
    }

    @Test func `A long response without memory becomes a 503`() async throws {
        var limits = TestServer.Limits()
        limits.memory = 1 << 20
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, _ in
            .plain(String(repeating: "x", count: request.uri.path == "/long" ? 2 << 20 : 1 << 19))
        }
        try await TestServer.run(handler, limits: limits) { server in
            for (path, status) in [("/long", 400), ("/short", 200), ("/short", 200)] {
                let client = try server.client()
                try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(client.response().head.hasPrefix("HTTP/1.1 \(status) "))
            }
        }
    }
}

import Glibc
import Hummingbird
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// Clients that send or read too slowly, and too many clients.
@Suite struct SlowClientTests {
    private static func echo(_ request: Request, _: ClientConnection) async throws -> Response {
        do {
            return .plain(try await request.text())
        } catch let error as any HTTPResponseError {
            return Response(status: error.status)
        }
    }

    /// Timeouts that are short enough for a test, but longer than delays caused by other tests.
    private static var impatient: TestServer.Limits {
        var limits = TestServer.Limits()
        limits.timeouts.header = .milliseconds(1500)
        limits.timeouts.body = .milliseconds(1500)
        limits.timeouts.keepAlive = .milliseconds(1500)
        limits.timeouts.write = .milliseconds(1500)
        return limits
    }

    @Test func `A connection without a request is closed without a response`() async throws {
        try await TestServer.run(Self.echo, limits: Self.impatient) { server in
            let client = try server.client()
            #expect(client.rest() == "")
        }
    }

    @Test func `A connection is closed some time after its last response`() async throws {
        try await TestServer.run(Self.echo, limits: Self.impatient) { server in
            let client = try server.client()
            for _ in 0..<3 {
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(client.response().head.hasPrefix("HTTP/1.1 200 OK"))
                usleep(100_000)
            }
            #expect(client.rest() == "")
        }
    }

    @Test(arguments: ["GET / HT", "GET / HTTP/1.1\r\nHost: x\r\nX-"])
    func `An incomplete header gets 408`(_ half: String) async throws {
        try await TestServer.run(Self.echo, limits: Self.impatient) { server in
            let client = try server.client()
            try client.send(half)
            let response = client.rest()
            #expect(response.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(response.hasSuffix(#"{"error_code":"DEADLINE_EXCEEDED","message":"The request's header didn't arrive in time."}"#))
        }
    }

    @Test func `An incomplete header of a later request gets 408 too`() async throws {
        try await TestServer.run(Self.echo, limits: Self.impatient) { server in
            let client = try server.client()
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = client.response()
            usleep(100_000)
            try client.send("GET /")
            #expect(client.rest().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func `A header that trickles in gets 408`() async throws {
        try await TestServer.run(Self.echo, limits: Self.impatient) { server in
            let client = try server.client()
            // The connection may close at any of these.
            for byte in "GET / HTTP/1.1\r\nHost: abcdefghi" {
                try? client.send(String(byte))
                usleep(100_000)
            }
            #expect(client.rest().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func `An incomplete body gets 408`() async throws {
        try await TestServer.run(Self.echo, limits: Self.impatient) { server in
            let client = try server.client()
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234")
            #expect(client.rest().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func `A body that trickles in gets 408`() async throws {
        try await TestServer.run(Self.echo, limits: Self.impatient) { server in
            let client = try server.client()
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<150 {
                try? client.send("1\r\nx\r\n")
                usleep(20_000)
            }
            #expect(client.rest().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func `A slow body that makes progress is read to the end`() async throws {
        try await TestServer.run(Self.echo, limits: Self.impatient) { server in
            let client = try server.client()
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n")
            for _ in 0..<20 {
                try client.send([UInt8](repeating: 120, count: 1000))
                usleep(200_000)
            }
            #expect(client.response().body.count == 20_000)
        }
    }

    @Test func `A client that doesn't read the response is disconnected`() async throws {
        let hasEnded = Flag()
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { _, connection in
            connection.observe(onDisconnect: { hasEnded.set() })
            return Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 0..<1000 { try await writer.write(ByteBuffer(repeating: 0, count: 1 << 20)) }
                    try await writer.finish(nil)
                })
        }
        try await TestServer.run(handler, limits: Self.impatient) { server in
            let client = try server.client()
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            while !hasEnded.isSet { usleep(10_000) }
            #expect(client.rest().utf8.count < 500 << 20)
        }
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)

        var isSet: Bool { value.load(ordering: .acquiring) }

        func set() { value.store(true, ordering: .releasing) }
    }

    @Test func `A slow handler isn't interrupted`() async throws {
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { _, _ in
            try await Task.sleep(for: .seconds(4))
            return .plain("done")
        }
        try await TestServer.run(handler, limits: Self.impatient) { server in
            let client = try server.client()
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
            #expect(client.response().body == "done")
        }
    }

    @Test func `Idle connections are closed to make room, unused ones first`() async throws {
        var limits = TestServer.Limits()
        limits.connections = 64
        try await TestServer.run(Self.echo, limits: limits) { server in
            let used = try server.client()
            try used.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = used.response()
            var idle: [RawClient] = []
            for _ in 0..<200 {
                idle.append(try server.client())
                usleep(5_000)
            }
            let fresh = try server.client()
            try fresh.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(fresh.response().head.hasPrefix("HTTP/1.1 200 OK"))
            try used.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(used.response().head.hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    @Test func `A connection above the limit gets 503 while all others are busy`() async throws {
        var limits = TestServer.Limits()
        limits.connections = 4
        let gate = Gate()
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { _, _ in
            await gate.wait()
            return .plain("done")
        }
        try await TestServer.run(handler, limits: limits) { server in
            let busy = try (0..<4).map { _ in try server.client() }
            for client in busy { try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n") }
            usleep(200_000)
            let refused = try server.client().rest()
            #expect(refused.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(refused.contains("Retry-After: 1\r\n"))
            gate.remove()
            for client in busy { #expect(client.response().body == "done") }
            try busy[0].send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(busy[0].response().body == "done")
        }
    }

    @Test func `A shutdown closes the connection of an incomplete body after the drain timeout`() async throws {
        var limits = TestServer.Limits()
        limits.drain = .milliseconds(300)
        try await TestServer.run(Self.echo, limits: limits) { server in
            let client = try server.client()
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234")
            usleep(100_000)
            Task { await server.shutDown() }
            #expect(client.rest() == "")
            while server.isRunning { usleep(10_000) }
        }
    }
}

import Glibc
import Hummingbird
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// Reading requests from a connection.
@Suite struct RequestTests {
    private static func echo(_ request: Request, _: ClientConnection) async throws -> Response {
        .plain("\(request.method) \(request.uri.path) \(try await request.text())")
    }

    @Test func `Requests on one connection are handled one after the other`() async throws {
        try await TestServer.run(Self.echo) { server in
            let client = try server.client()
            for number in 0..<3 {
                try client.send("GET /\(number) HTTP/1.1\r\nHost: x\r\n\r\n")
                let response = client.response()
                #expect(response.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(response.body == "GET /\(number) ")
            }
        }
    }

    @Test func `Pipelined requests get their responses in order`() async throws {
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, connection in
            // The handlers take different times.
            if request.uri.path.hasSuffix("0") { try await Task.sleep(for: .milliseconds(5)) }
            return try await Self.echo(request, connection)
        }
        try await TestServer.run(handler) { server in
            let client = try server.client()
            let requests = (0..<300).map { "POST /\($0) HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nbody\($0 % 10)" }
            try client.send(requests.joined())
            for number in 0..<300 { #expect(client.response().body == "POST /\(number) body\(number % 10)") }
        }
    }

    @Test(arguments: [
        ["POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n", "01234", "56789"],
        ["POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234", "56789"],
        ["POST /a HT", "TP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r", "\n0123456789"],
        ["POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n"],
        ["POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n01", "23\r\n6\r\n456", "789\r\n0\r\n", "\r\n"],
    ])
    func `A body may arrive in any parts`(_ parts: [String]) async throws {
        try await TestServer.run(Self.echo) { server in
            let client = try server.client()
            for _ in 0..<2 {
                for part in parts {
                    try client.send(part)
                    usleep(20_000)
                }
                #expect(client.response().body == "POST /a 0123456789")
            }
        }
    }

    @Test func `The next request may start in the packet that ends the previous one`() async throws {
        try await TestServer.run(Self.echo) { server in
            let client = try server.client()
            let head = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"
            try client.send(head)
            usleep(20_000)
            try client.send("1234" + head + "56")
            #expect(client.response().body == "POST /a 1234")
            try client.send("78")
            #expect(client.response().body == "POST /a 5678")
        }
    }

    @Test func `A large body is rejected immediately, and the connection stays open`() async throws {
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, connection in
            request.method == .post ? .plain("no") : try await Self.echo(request, connection)
        }
        try await TestServer.run(handler) { server in
            let client = try server.client()
            let size = 20 << 20
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
            #expect(client.response().body == "no")
            try client.send([UInt8](repeating: 65, count: size))
            try client.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.response().body == "GET /next ")
        }
    }

    @Test func `A client that expects 100 Continue gets it when the handler reads the body`() async throws {
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, connection in
            request.uri.path == "/refused" ? .plain("no") : try await Self.echo(request, connection)
        }
        try await TestServer.run(handler) { server in
            let client = try server.client()
            try client.send("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
            #expect(client.read(to: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try client.send("1234")
            #expect(client.response().body == "POST /a 1234")
            // The server can't know whether the body of a rejected request will still arrive.
            try client.send("POST /refused HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
            let refused = client.response()
            #expect(refused.head.hasPrefix("HTTP/1.1 200") && refused.head.contains("\r\nConnection: close\r\n"))
            #expect(refused.body == "no")
            #expect(client.rest() == "")
        }
    }

    @Test func `A client of HTTP 1-0 gets no 100 Continue`() async throws {
        try await TestServer.run(Self.echo) { server in
            let client = try server.client()
            try client.send("POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
            usleep(50_000)
            try client.send("1234")
            #expect(client.rest().hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `A client that sends faster than the handler reads is slowed down`() async throws {
        let gate = Gate()
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, _ in
            var count = 0
            await gate.wait()
            for try await part in request.body { count += part.readableBytes }
            return .plain("\(count)")
        }
        try await TestServer.run(handler) { server in
            let client = try server.client()
            let size = 64 << 20
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
            let sent = client.sendUntilBlocked([UInt8](repeating: 65, count: size))
            // The size of the kernel's buffers, and a little more.
            #expect(sent < 16 << 20)
            gate.remove()
            try client.send([UInt8](repeating: 65, count: size - sent))
            #expect(client.response().body == "\(size)")
        }
    }

    @Test func `A client that sends requests faster than they are handled is slowed down`() async throws {
        let gate = Gate()
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { _, _ in
            await gate.wait()
            return .plain("x")
        }
        try await TestServer.run(handler) { server in
            let client = try server.client()
            let request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + String(repeating: "x", count: 100_000)
            let sent = client.sendUntilBlocked(Array(String(repeating: request, count: 500).utf8))
            #expect(sent < 16 << 20)
            gate.remove()
            #expect(client.response().body == "x")
        }
    }

    @Test(arguments: [
        ("nonsense\r\n\r\n", "400"), ("GET / HTTP/9.9\r\n\r\n", "400"), ("GET / HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400"),
        ("long", "431"),
    ])
    func `Invalid HTTP gets an error, and the connection closes`(_ bytes: String, _ status: String) async throws {
        try await TestServer.run(Self.echo) { server in
            let client = try server.client()
            let bytes =
                bytes == "long" ? "GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "x", count: 100_000))\r\n\r\n" : bytes
            try client.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n" + bytes)
            #expect(client.response().body == "GET /first ")
            let response = client.response()
            #expect(response.head.hasPrefix("HTTP/1.1 \(status) "), "\(response)")
            #expect(response.head.contains("\r\nConnection: close\r\n"))
            #expect(response.body.hasPrefix(#"{"error_code":"BAD_REQUEST","message":"The request isn't valid HTTP: "#))
            #expect(client.rest() == "")
        }
    }

    @Test func `Input after an error doesn't discard the response`() async throws {
        let gate = Gate()
        let handled = Mutex(0)
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, _ in
            handled.withLock { $0 += 1 }
            await gate.wait()
            do { return .plain(try await request.text()) } catch { return .plain("bad body") }
        }
        try await TestServer.run(handler) { server in
            let nonsense = [UInt8](repeating: 0, count: 200_000)
            let idle = try server.client()
            let busy = try server.client()
            try busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let sending = try server.client()
            try sending.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
            // Invalid input that arrives before the request is handled replaces the request.
            for _ in 0..<1000 where handled.withLock({ $0 < 2 }) { usleep(20_000) }
            for _ in 0..<3 {
                usleep(20_000)
                for client in [idle, busy, sending] { try client.send(nonsense) }
            }
            #expect(idle.response().head.hasPrefix("HTTP/1.1 400 "))
            gate.remove()
            #expect(busy.response().body == "")
            #expect(busy.response().head.hasPrefix("HTTP/1.1 400 "))
            #expect(sending.response().body == "bad body")
            for client in [idle, busy, sending] { #expect(client.rest() == "") }
        }
    }

    @Test func `Endless white space in a header or trailer closes the connection`() async throws {
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, connection in
            do { return try await Self.echo(request, connection) } catch { return .plain("bad body") }
        }
        try await TestServer.run(handler) { server in
            let blanks = [UInt8](repeating: UInt8(ascii: " "), count: 600_000)
            let head = try server.client()
            try head.send("GET / HTTP/1.1\r\nHost: x\r\nA:")
            try head.send(blanks)
            #expect(head.response().head.hasPrefix("HTTP/1.1 431 "))
            let trailer = try server.client()
            try trailer.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA:")
            try trailer.send(blanks)
            #expect(trailer.response().body == "bad body")
            #expect(head.rest() == "" && trailer.rest() == "")
        }
    }

    @Test(arguments: ["Connection: Upgrade\r\nUpgrade: x", "Connection: close"])
    func `Input after the last request is discarded`(_ fields: String) async throws {
        let gate = Gate()
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { _, _ in
            await gate.wait()
            return .plain("last")
        }
        try await TestServer.run(handler) { server in
            let client = try server.client()
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n")
            try client.send([UInt8](repeating: 65, count: 4 << 20))
            gate.open()
            #expect(client.response().body == "last")
            #expect(client.rest() == "")
        }
    }

    @Test func `A response before the end of an incomplete body closes a connection without keep-alive`() async throws {
        try await TestServer.run({ _, _ in .plain("no") }) { server in
            for version in ["1.0", "1.1"] {
                let client = try server.client()
                try client.send("POST / HTTP/\(version)\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\nabc")
                #expect(client.rest().hasSuffix("\r\n\r\nno"))
            }
        }
    }

    @Test func `An incomplete body is an error for its reader, and the client gets a response if it is still reading`() async throws {
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, connection in
            do { return try await Self.echo(request, connection) } catch let error as any HTTPResponseError {
                return Response(status: error.status)
            }
        }
        try await TestServer.run(handler) { server in
            let client = try server.client()
            try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123")
            usleep(20_000)
            client.closeOutput()
            #expect(client.rest().hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test(arguments: [
        ("/a/b?c=d", "/a/b", "x"), ("http://y/a/b?c=d", "/a/b", "x"), ("//a?b", "//a", "x"), ("/%2F?%41", "/%2F", "x"),
        ("*", "*", "x"),
    ])
    func `Handlers get the target and the host`(_ target: String, _ path: String, _ host: String) async throws {
        let handler: @Sendable (Request, ClientConnection) async throws -> Response = { request, connection in
            #expect(connection.clientAddress == "127.0.0.1")
            return .plain("\(request.uri.path) \(request.head.authority ?? "-") \(request.headers[.userAgent] ?? "-")")
        }
        try await TestServer.run(handler) { server in
            let client = try server.client()
            try client.send("OPTIONS \(target) HTTP/1.1\r\nUSER-agent: me\r\nhOST: \(host)\r\n\r\n")
            #expect(client.response().body == "\(path) \(host) me")
        }
    }
}

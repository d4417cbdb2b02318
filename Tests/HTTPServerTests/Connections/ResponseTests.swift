import Glibc
import Hummingbird
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// Writing responses to a connection.
@Suite struct ResponseTests {
    private struct Trouble: Error {}

    /// A stream of parts.
    private static func stream(_ parts: [String], length: Int? = nil) -> Response {
        Response(
            status: .ok,
            body: ResponseBody(contentLength: length) { writer in
                for part in parts { try await writer.write(ByteBuffer(string: part)) }
                try await writer.finish(nil)
            })
    }

    @Test func `A response has its fields, Content-Length, Date and Server`() async throws {
        try await TestServer.run({ _, _ in
            Response(status: .init(code: 201), headers: [.contentType: "text/x"], body: .init(byteBuffer: .init(string: "hi")))
        }) {
            server in
            let client = try server.client()
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = client.response()
            let lines = response.head.split(separator: "\r\n").map(String.init)
            #expect(lines.first == "HTTP/1.1 201 Created")
            #expect(lines.contains("Content-Type: text/x") && lines.contains("Content-Length: 2") && lines.contains("Server: test"))
            let date = try #require(lines.first { $0.hasPrefix("Date: ") })
            #expect([0, 1].contains { date == "Date: " + HTTPDate.format(time(nil) - $0) }, "\(date)")
            #expect(response.body == "hi")
        }
    }

    @Test func `Dates are in HTTP's format`() {
        #expect(HTTPDate.format(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.format(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        for second in [0, 784_111_777, 1_795_962_782] { #expect(HTTPDate.parse(HTTPDate.format(second)) == second) }
        for text in ["", "yesterday", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 36 Nov 1994 08:49:37 GMT"] {
            #expect(HTTPDate.parse(text) == nil, "\(text)")
        }
    }

    @Test func `A stream is sent in chunks as they are written, after the head`() async throws {
        let gate = Gate()
        try await TestServer.run({ _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    await gate.wait()
                    try await writer.write(ByteBuffer(string: "first"))
                    try await writer.write(ByteBuffer())
                    await gate.wait()
                    try await writer.write(ByteBuffer(string: String(repeating: "x", count: 100_000)))
                    try await writer.finish(nil)
                })
        }) { server in
            let client = try server.client()
            for _ in 0..<2 {
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(client.read(to: "\r\n\r\n").contains("Transfer-Encoding: chunked\r\n"))
                gate.open()
                #expect(client.read(to: "first\r\n") == "5\r\nfirst\r\n")
                gate.open()
                #expect(client.read(to: "\r\n") == "186a0\r\n")
                #expect(client.read(count: 100_000) == [UInt8](repeating: UInt8(ascii: "x"), count: 100_000))
                #expect(client.read(count: 7) == Array("\r\n0\r\n\r\n".utf8))
            }
        }
    }

    @Test func `A body of known length is sent without chunks, regardless of its parts`() async throws {
        let large = String(repeating: "y", count: 50_000)
        try await TestServer.run({ _, _ in Self.stream(["ab", large, "c"], length: 50_003) }) { server in
            let client = try server.client()
            for _ in 0..<2 {
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(client.response().body == "ab" + large + "c")
            }
        }
    }

    @Test func `Responses to HEAD and statuses without a body have none`() async throws {
        try await TestServer.run({ request, _ in
            switch request.uri.path {
            case "/none": Response(status: .noContent)
            case "/same": Response(status: .notModified, headers: [.eTag: "x"])
            case "/stream": Self.stream(["a", "b"])
            default: .plain("text")
            }
        }) { server in
            let client = try server.client()
            try client.send("HEAD /text HTTP/1.1\r\nHost: x\r\n\r\n")
            let text = client.read(to: "\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.contains("Content-Length: 4\r\n"))
            for request in ["HEAD /stream", "GET /none", "GET /same"] {
                try client.send("\(request) HTTP/1.1\r\nHost: x\r\n\r\n")
                let head = client.read(to: "\r\n\r\n")
                #expect(
                    head.hasPrefix("HTTP/1.1 ") && !head.contains("Content-Length") && !head.contains("Transfer-Encoding"),
                    "\(head)")
            }
            try client.send("GET /text HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.response().body == "text")
        }
    }

    @Test func `A client of HTTP 1-0 gets no chunks, and the connection closes at the end of a stream`() async throws {
        try await TestServer.run({ request, _ in request.uri.path == "/stream" ? Self.stream(["a", "b"]) : .plain("text") }) {
            server in
            let client = try server.client()
            try client.send("GET /text HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let kept = client.response()
            #expect(kept.head.contains("\r\nConnection: keep-alive\r\n") && kept.body == "text")
            try client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let stream = client.rest()
            #expect(stream.contains("\r\nConnection: close\r\n") && !stream.contains("chunked") && stream.hasSuffix("\r\n\r\nab"))
            let other = try server.client()
            try other.send("GET /text HTTP/1.0\r\n\r\n")
            #expect(other.rest().hasSuffix("\r\n\r\ntext"))
        }
    }

    @Test func `The connection closes after the response if the client asks for it`() async throws {
        try await TestServer.run({ _, _ in .plain("text") }) { server in
            for line in ["Connection: close", "connection: Close", "Connection: Upgrade\r\nUpgrade: h2c"] {
                let client = try server.client()
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\(line)\r\n\r\n")
                let response = client.rest()
                #expect(response.contains("\r\nConnection: close\r\n") && response.hasSuffix("\r\n\r\ntext"), "\(line)")
            }
        }
    }

    @Test func `A client that closes its side gets the whole response`() async throws {
        let text = String(repeating: "x", count: 20 << 20)
        try await TestServer.run({ _, _ in .plain(text) }) { server in
            let client = try server.client()
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            client.closeOutput()
            usleep(200_000)
            let response = client.response()
            #expect(response.body.utf8.count == text.utf8.count && client.rest() == "")
        }
    }

    @Test func `A slow reader slows the handler down`() async throws {
        let written = Atomic(0)
        let part = ByteBuffer(repeating: 65, count: 100_000)
        try await TestServer.run({ _, _ in
            Response(
                status: .ok,
                body: ResponseBody(contentLength: 100_000 * 1000) { writer in
                    for _ in 0..<1000 {
                        try await writer.write(part)
                        written.add(1, ordering: .relaxed)
                    }
                    try await writer.finish(nil)
                })
        }) { server in
            let client = try server.client()
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            usleep(500_000)
            // The size of the kernel's buffers, and a little more.
            #expect(written.load(ordering: .relaxed) < 200)
            #expect(client.response().body.utf8.count == 100_000 * 1000)
            #expect(written.load(ordering: .relaxed) == 1000)
        }
    }

    @Test func `Responses to a client that doesn't read don't accumulate`() async throws {
        let responded = Atomic(0)
        let text = String(repeating: "x", count: 100_000)
        try await TestServer.run({ _, _ in
            responded.add(1, ordering: .relaxed)
            return .plain(text)
        }) { server in
            let client = try server.client()
            _ = client.sendUntilBlocked(Array(String(repeating: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", count: 2000).utf8))
            usleep(300_000)
            #expect(responded.load(ordering: .relaxed) < 200)
            #expect(client.response().body == text)
        }
    }

    @Test func `A handler that fails before the body sends an error, and one that fails within it closes the connection`() async throws {
        try await TestServer.run({ request, _ in
            switch request.uri.path {
            case "/thrown": throw Trouble()
            case "/early": Response(status: .ok, body: ResponseBody(contentLength: 10) { _ in throw Trouble() })
            case "/empty": Self.stream([], length: 10)
            case "/longer": Self.stream(["0123456789ab"], length: 10)
            case "/short": Self.stream(["abc"], length: 10)
            case "/long": Self.stream(["abc", "0123456789"], length: 10)
            default:
                Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        try await writer.write(ByteBuffer(string: "abc"))
                        throw Trouble()
                    })
            }
        }) { server in
            for path in ["/thrown", "/early", "/empty", "/longer"] {
                let client = try server.client()
                try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(client.response().head.hasPrefix("HTTP/1.1 500 "))
            }
            for path in ["/short", "/long", "/stream"] {
                let client = try server.client()
                try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                let response = client.rest()
                #expect(
                    response.contains("abc") && !response.contains("\r\n0\r\n") && !response.contains("0123456789"),
                    "\(path): \(response)")
            }
        }
    }

    @Test func `A handler is notified when its client disconnects`() async throws {
        let left = Gate()
        try await TestServer.run({ _, connection in
            connection.observe { left.open() }
            await left.wait()
            return .plain("nobody")
        }) { server in
            for isHalf in [true, false, true] {
                let client = try server.client()
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                usleep(20_000)
                // The handler responds only after it has been notified.
                if isHalf {
                    client.closeOutput()
                    #expect(client.rest().hasSuffix("nobody"))
                }
            }
        }
    }

    @Test func `A shutdown waits for clients that are still reading, but not for idle ones`() async throws {
        let text = String(repeating: "x", count: 5 << 20)
        try await TestServer.run({ _, _ in .plain(text) }) { server in
            let slow = try server.client()
            try slow.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let stalled = try server.client()
            try stalled.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
            #expect(stalled.response().body == text)
            Task { await server.shutDown() }
            usleep(300_000)
            #expect(server.isRunning)
            #expect(slow.response().body == text)
            #expect(slow.rest() == "" && stalled.rest() == "")
        }
    }

    @Test func `A shutdown finishes requests in flight and notifies their clients`() async throws {
        let gate = Gate()
        try await TestServer.run({ _, _ in
            await gate.wait()
            return .plain("done")
        }) { server in
            let idle = try server.client()
            let busy = try server.client()
            try busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            usleep(50_000)
            Task { await server.shutDown() }
            #expect(idle.rest() == "")
            // The same thread notifies both, one after the other.
            usleep(50_000)
            gate.open()
            let response = busy.rest()
            #expect(response.contains("\r\nConnection: close\r\n") && response.hasSuffix("done"))
        }
    }
}

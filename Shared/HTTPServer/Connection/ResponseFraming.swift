internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// The HTTP/1.x framing of one response (RFC 9112).
struct ResponseFraming {
    /// Whether the response is the last one on its connection.
    private(set) var isLast: Bool
    /// Whether the end of the response has been written.
    private(set) var isComplete = false
    private let isHeadRequest: Bool
    /// Whether the client doesn't support chunked encoding.
    private let isBeforeHTTP11: Bool
    private var body = Body.none

    private enum Body {
        /// The response has no body; written parts aren't sent.
        case none
        /// The number of remaining bytes.
        case length(Int)
        case chunked
        /// The body ends with the connection.
        case untilClose
    }

    /// The fields that are written here; a handler's values are ignored.
    private static let managedFields: [HTTPField.Name] = [.transferEncoding, .connection, .date, .server]

    /// A handler wrote a different number of bytes than its `Content-Length`.
    struct ContentLengthMismatch: Error {}

    init(to head: HTTPRequestHead) {
        isHeadRequest = head.method == .HEAD
        isBeforeHTTP11 = head.version.isBeforeHTTP11
        // The request decoder stops after a protocol upgrade, which we don't support.
        isLast = !head.isKeepAlive || head.method == .CONNECT || head.headers.contains(name: "Upgrade")
    }

    /// Writes the status line and the fields.
    ///
    /// - Parameters:
    ///   - server: the value of `Server`.
    ///   - date: the value of `Date`.
    ///   - isLast: whether to close the connection after the response even if the client asked to keep it alive.
    mutating func writeHead(
        _ status: HTTPResponse.Status, _ fields: HTTPFields, server: String, date: String, isLast: Bool,
        into buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(status.code))
        buffer.writeStaticString(" ")
        // A status created from a number alone has no reason phrase.
        let phrase = status.reasonPhrase
        buffer.writeString(phrase.isEmpty ? HTTPResponseStatus(statusCode: status.code).reasonPhrase : phrase)
        buffer.writeStaticString("\r\n")
        var length: Int?
        for field in fields {
            if field.name == .contentLength {
                length = Int(field.value)
            } else if !Self.managedFields.contains(field.name) {
                buffer.writeString(field.name.rawName)
                buffer.writeStaticString(": ")
                field.withUnsafeBytesOfValue { _ = buffer.writeBytes($0) }
                buffer.writeStaticString("\r\n")
            }
        }
        let hasBody = status.kind != .informational && status != .noContent && status != .notModified
        if hasBody, let length {
            body = isHeadRequest ? .none : .length(length)
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(length))
            buffer.writeStaticString("\r\n")
        } else if hasBody, !isHeadRequest {
            body = isBeforeHTTP11 ? .untilClose : .chunked
            if !isBeforeHTTP11 { buffer.writeStaticString("Transfer-Encoding: chunked\r\n") }
        }
        if case .untilClose = body { self.isLast = true }
        self.isLast = self.isLast || isLast
        if self.isLast {
            buffer.writeStaticString("Connection: close\r\n")
        } else if isBeforeHTTP11 {
            buffer.writeStaticString("Connection: keep-alive\r\n")
        }
        buffer.writeStaticString("Date: ")
        buffer.writeString(date)
        buffer.writeStaticString("\r\nServer: ")
        buffer.writeString(server)
        buffer.writeStaticString("\r\n\r\n")
    }

    /// Whether the body is sent.
    var hasBody: Bool { if case .none = body { false } else { true } }

    /// Writes the framing before a part of the body.
    ///
    /// - Parameter count: the part's size in bytes, at least one.
    /// - Throws: `ContentLengthMismatch` if the body exceeds its `Content-Length`.
    mutating func beginPart(_ count: Int, into buffer: inout ByteBuffer) throws {
        switch body {
        case .none, .untilClose: break
        case .length(let rest):
            guard count <= rest else { throw ContentLengthMismatch() }
            body = .length(rest - count)
        case .chunked:
            buffer.writeString(String(count, radix: 16))
            buffer.writeStaticString("\r\n")
        }
    }

    /// Writes the framing after a part of the body.
    func endPart(into buffer: inout ByteBuffer) {
        if case .chunked = body { buffer.writeStaticString("\r\n") }
    }

    /// Writes the end of the body.
    ///
    /// - Throws: `ContentLengthMismatch` if the body is shorter than its `Content-Length`.
    mutating func end(into buffer: inout ByteBuffer) throws {
        switch body {
        case .none, .untilClose: break
        case .length(let rest): if rest > 0 { throw ContentLengthMismatch() }
        case .chunked: buffer.writeStaticString("0\r\n\r\n")
        }
        isComplete = true
    }
}

extension HTTPVersion {
    /// Whether the version is below 1.1 and so supports neither chunked encoding nor `Expect`.
    var isBeforeHTTP11: Bool { major < 1 || self == .http1_0 }
}

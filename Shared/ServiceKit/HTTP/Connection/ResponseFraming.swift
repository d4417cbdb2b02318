internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// How one response is put on the wire (RFC 9112).
struct ResponseFraming {
    /// Whether nothing follows the response on its connection.
    private(set) var isLast: Bool
    /// Whether all that was announced has been written.
    private(set) var isComplete = false
    private let isHeadRequest: Bool
    /// Whether the client knows no chunks.
    private let isBeforeHTTP11: Bool
    private var body = Body.none

    private enum Body {
        /// What is written of it isn't sent.
        case none
        /// That many bytes are to come.
        case length(Int)
        case chunked
        /// Until the end of the connection.
        case untilClose
    }

    /// What is written here, whatever a handler says.
    private static let managedFields: [HTTPField.Name] = [.transferEncoding, .connection, .date, .server]

    /// A handler wrote another number of bytes than it had announced.
    struct ContentLengthMismatch: Error {}

    init(to head: HTTPRequestHead) {
        isHeadRequest = head.method == .HEAD
        isBeforeHTTP11 = head.version.isBeforeHTTP11
        // Behind a change of protocols, which we don't make, the reader of requests reads no further.
        isLast = !head.isKeepAlive || head.method == .CONNECT || head.headers.contains(name: "Upgrade")
    }

    /// Writes the status line and the fields.
    ///
    /// - Parameters:
    ///   - server: the value of `Server`.
    ///   - date: the value of `Date`.
    ///   - isLast: whether the connection ends behind this response, whatever the client said.
    mutating func writeHead(
        _ status: HTTPResponse.Status, _ fields: HTTPFields, server: String, date: String, isLast: Bool,
        into buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(status.code))
        buffer.writeStaticString(" ")
        // A status that was made of a number alone has no phrase.
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

    /// Whether what is written of the body is to be sent.
    var hasBody: Bool { if case .none = body { false } else { true } }

    /// Writes what stands in front of a part of the body.
    ///
    /// - Parameter count: the part's bytes, at least one.
    /// - Throws: `ContentLengthMismatch` if that is more than was announced.
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

    /// Writes what stands behind a part of the body.
    func endPart(into buffer: inout ByteBuffer) {
        if case .chunked = body { buffer.writeStaticString("\r\n") }
    }

    /// Writes the end.
    ///
    /// - Throws: `ContentLengthMismatch` if less was written than was announced.
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
    /// Whether it is before 1.1, and so knows neither chunks nor `Expect`.
    var isBeforeHTTP11: Bool { major < 1 || self == .http1_0 }
}

internal import NIOCore

/// Encodes HTTP as bytes, without a library because half of the faults are invalid HTTP.
enum HTTPOutput {
    static let notHTTP = ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")

    /// - Parameter length: the length of the body; `nil` to send it in chunks.
    static func head(
        _ status: Int, contentType: String, length: Int?, headers: [(name: String, value: String)] = [], serial: Int,
        keepsAlive: Bool,
        capacity: Int = 0
    ) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 256 + capacity)
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(status))
        buffer.writeStaticString(status == 200 ? " OK\r\ncontent-type: " : " Refused\r\ncontent-type: ")
        buffer.writeString(contentType)
        if let length {
            buffer.writeStaticString("\r\ncontent-length: ")
            buffer.writeString(String(length))
        } else {
            buffer.writeStaticString("\r\ntransfer-encoding: chunked\r\ncache-control: no-cache")
        }
        for header in headers { buffer.writeString("\r\n\(header.name): \(header.value)") }
        if !keepsAlive { buffer.writeStaticString("\r\nconnection: close") }
        buffer.writeStaticString("\r\nx-request-id: req_")
        buffer.writeString(String(serial))
        buffer.writeStaticString("\r\n\r\n")
        return buffer
    }

    static func whole(
        _ status: Int, _ body: [UInt8], contentType: String = "application/json", headers: [(name: String, value: String)] = [],
        serial: Int, keepsAlive: Bool
    ) -> ByteBuffer {
        var buffer = head(
            status, contentType: contentType, length: body.count, headers: headers, serial: serial, keepsAlive: keepsAlive,
            capacity: body.count)
        buffer.writeBytes(body)
        return buffer
    }

    /// Adds a chunk; an empty one would end the body.
    static func append(chunk: some Collection<UInt8>, to buffer: inout ByteBuffer) {
        buffer.writeString(String(chunk.count, radix: 16))
        buffer.writeStaticString("\r\n")
        buffer.writeBytes(chunk)
        buffer.writeStaticString("\r\n")
    }

    static func appendEnd(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("0\r\n\r\n")
    }
}

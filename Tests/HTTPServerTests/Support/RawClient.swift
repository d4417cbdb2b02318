import Foundation
import Glibc
import Testing

/// A client that sends and receives raw bytes.
///
/// Its methods block, so that a test is a sequence of steps. Call them on a separate thread (`TestServer.run`).
final class RawClient {
    private let descriptor: Int32
    private var received: [UInt8] = []

    struct Failure: Error {
        let call: String
        let code: Int32
    }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure(call: "connect", code: errno) }
        // Long enough that no test fails because others run concurrently, and short enough that none hangs.
        setTimeout(SO_RCVTIMEO, milliseconds: 60_000)
        setTimeout(SO_SNDTIMEO, milliseconds: 60_000)
    }

    deinit {
        Glibc.close(descriptor)
    }

    private func setTimeout(_ option: Int32, milliseconds: Int) {
        var timeout = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        guard sendAvailable(bytes) == bytes.count else { throw Failure(call: "send", code: errno) }
    }

    /// Sends bytes until the server accepts none for a while.
    func sendUntilBlocked(_ bytes: [UInt8]) -> Int {
        setTimeout(SO_SNDTIMEO, milliseconds: 300)
        defer { setTimeout(SO_SNDTIMEO, milliseconds: 60_000) }
        return sendAvailable(bytes)
    }

    /// - Returns: the number of accepted bytes. If it isn't all of them, `errno` has the reason.
    private func sendAvailable(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    /// Closes the write side.
    func closeOutput() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// - Returns: whether any bytes arrived; `false` at the end of the connection.
    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN { Issue.record("Neither bytes nor the end came within a minute.") }
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }

    /// Reads to the end of the connection.
    func rest() -> String {
        while receive() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Reads up to and including `end`, or to the end of the connection.
    func read(to end: String) -> String {
        let end = Array(end.utf8)
        while true {
            if let range = received.firstRange(of: end) {
                defer { received.removeSubrange(..<range.upperBound) }
                return String(decoding: received[..<range.upperBound], as: UTF8.self)
            }
            guard receive() else { return rest() }
        }
    }

    func read(count: Int) -> [UInt8] {
        while received.count < count, receive() {}
        let count = min(count, received.count)
        defer { received.removeSubrange(..<count) }
        return Array(received[..<count])
    }

    /// Reads a response with a known length.
    func response() -> (head: String, body: String) {
        let head = read(to: "\r\n\r\n")
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }.flatMap { Int($0.dropFirst(16)) }
        return (head, String(decoding: read(count: length ?? 0), as: UTF8.self))
    }
}

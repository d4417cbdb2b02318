/// Amazon's binary event streams (`application/vnd.amazon.eventstream`): each message is its length, the length of its headers, a
/// checksum of both, headers, payload, and a checksum of all; numbers are big-endian.
enum EventStream {
    static let contentType = "application/vnd.amazon.eventstream"

    /// - Parameter headers: string headers. Names have less than 256 bytes and values less than 65,536.
    static func message(_ headers: [(name: String, value: String)], _ payload: [UInt8]) -> [UInt8] {
        var head: [UInt8] = []
        for header in headers {
            head.append(UInt8(truncatingIfNeeded: header.name.utf8.count))
            head += Array(header.name.utf8)
            head.append(7)  // The type of strings.
            head += [UInt8(truncatingIfNeeded: header.value.utf8.count >> 8), UInt8(truncatingIfNeeded: header.value.utf8.count)]
            head += Array(header.value.utf8)
        }
        var message = bytes(UInt32(16 + head.count + payload.count)) + bytes(UInt32(head.count))
        message += bytes(CRC32.checksum(message))
        message += head + payload
        return message + bytes(CRC32.checksum(message))
    }

    static func event(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        message([(":event-type", type), (":content-type", "application/json"), (":message-type", "event")], payload)
    }

    static func exception(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        message([(":exception-type", type), (":content-type", "application/json"), (":message-type", "exception")], payload)
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}

/// CRC-32 as in zip and Ethernet (polynomial 0xEDB88320, reflected).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
    }
}

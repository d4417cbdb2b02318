/// Why bytes are no message.
struct ProtobufError: Error, Equatable {
    var reason: String
}

/// Reads the fields of one message in the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), from memory
/// that it borrows. Any bytes are either read or refused; none trap.
struct ProtobufReader {
    /// A field's value as it is on the wire; what it means is up to the message.
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes(UnsafeRawBufferPointer)
        case fixed32(UInt32)
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// - Parameter bytes: must stay where they are for as long as the reader and the values that it returns are used.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    private var rest: Int { bytes.count - position }

    /// The next field, `nil` at the end of the message.
    mutating func next() throws(ProtobufError) -> (number: UInt64, value: Value)? {
        guard rest > 0 else { return nil }
        let tag = try varint()
        let number = tag >> 3
        guard number > 0, number < 1 << 29 else { throw ProtobufError(reason: "a field number that isn't allowed") }
        switch tag & 7 {
        case 0: return (number, .varint(try varint()))
        case 1: return (number, .fixed64(try fixed(8)))
        case 2:
            let length = try varint()
            guard length <= UInt64(rest) else { throw ProtobufError(reason: "a field longer than its message") }
            return (number, .bytes(take(Int(length))))
        case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw ProtobufError(reason: "a wire type that isn't used")
        }
    }

    private mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard rest > 0 else { throw ProtobufError(reason: "a number without an end") }
            let byte = bytes[position]
            position += 1
            // The tenth byte has one bit that counts; more of them are dropped, as elsewhere.
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw ProtobufError(reason: "a number of more than ten bytes")
    }

    private mutating func fixed(_ count: Int) throws(ProtobufError) -> UInt64 {
        guard rest >= count else { throw ProtobufError(reason: "a number without an end") }
        return take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}

/// The reason why bytes aren't a valid message.
struct ProtobufError: Error, Equatable {
    var reason: String
}

/// Reads the fields of one message in the Protocol Buffers wire format (protobuf.dev/programming-guides/encoding), from borrowed
/// memory. Any input is either decoded or rejected; none traps.
struct ProtobufReader {
    /// A field's value by wire type; the message determines its meaning.
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes(UnsafeRawBufferPointer)
        case fixed32(UInt32)
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// - Parameter bytes: must stay valid while the reader and the values that it returns are in use.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    private var rest: Int { bytes.count - position }

    /// The next field; `nil` at the end of the message.
    mutating func next() throws(ProtobufError) -> (number: UInt64, value: Value)? {
        guard rest > 0 else { return nil }
        let tag = try varint()
        let number = tag >> 3
        guard number > 0, number < 1 << 29 else { throw ProtobufError(reason: "invalid field number") }
        switch tag & 7 {
        case 0: return (number, .varint(try varint()))
        case 1: return (number, .fixed64(try fixed(8)))
        case 2:
            let length = try varint()
            guard length <= UInt64(rest) else { throw ProtobufError(reason: "field exceeds its message") }
            return (number, .bytes(take(Int(length))))
        case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw ProtobufError(reason: "unsupported wire type")
        }
    }

    private mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard rest > 0 else { throw ProtobufError(reason: "truncated number") }
            let byte = bytes[position]
            position += 1
            // Only one bit of the tenth byte counts; others are dropped, as in other decoders.
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw ProtobufError(reason: "varint longer than ten bytes")
    }

    private mutating func fixed(_ count: Int) throws(ProtobufError) -> UInt64 {
        guard rest >= count else { throw ProtobufError(reason: "truncated number") }
        return take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}

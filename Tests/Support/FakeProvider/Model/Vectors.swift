internal import JSON

/// Deterministic embeddings of a text, whose numbers are exact as 32-bit floats.
enum Vectors {
    static let dimensions = 8

    static func vector(of text: String, dimensions: Int = dimensions) -> [Float] {
        // FNV-1a for the seed, then xorshift.
        var state: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (0..<dimensions).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Float(Int8(truncatingIfNeeded: state >> 32)) / 128
        }
    }

    static func json(_ vector: [Float]) -> JSONValue { .array(vector.map { .number(Double($0)) }) }

    /// The vector as little-endian 32-bit floats.
    static func base64(_ vector: [Float]) -> JSONValue {
        .string(Base64.encode(vector.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } }))
    }
}

enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for index in 0..<3 { bits = bits << 8 | UInt32(group.count > index ? group[start + index] : 0) }
            for index in 0..<4 {
                let isPadding = index > group.count
                text.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(bits >> (18 - 6 * UInt32(index)) & 63)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

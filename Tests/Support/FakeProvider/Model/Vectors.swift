internal import JSON
internal import Primitives

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

internal import Primitives

extension Base64 {
    /// Encodes 32-bit floats in little-endian order, as OpenAI does for embeddings.
    static func encode(_ numbers: [Float]) -> String {
        encode(numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } })
    }
}

/// A sequence of bytes to look for in others, by Horspool's algorithm: the last byte of a window says how far to move it.
struct BytePattern: Sendable {
    private let pattern: [UInt8]
    /// How far each byte lets the window move: its distance from the end of the pattern, ignoring the last byte.
    private let steps: [Int]

    init(_ text: String) {
        pattern = Array(text.utf8)
        var steps = Array(repeating: max(pattern.count, 1), count: 256)
        for (index, byte) in pattern.dropLast().enumerated() { steps[Int(byte)] = pattern.count - 1 - index }
        self.steps = steps
    }

    /// Where the pattern first occurs from an offset on; `nil` for an empty one as well.
    func range(in bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Range<Int>? {
        guard let final = pattern.last else { return nil }
        var last = start + pattern.count - 1
        while last < bytes.count {
            let range = (last + 1 - pattern.count)..<(last + 1)
            if bytes[last] == final, bytes[range].elementsEqual(pattern) { return range }
            last += steps[Int(bytes[last])]
        }
        return nil
    }

    /// The bytes with another text in place of each occurrence.
    func replaced(in bytes: [UInt8], with text: String) -> [UInt8] {
        bytes.withUnsafeBytes { buffer in
            guard var found = range(in: buffer) else { return bytes }
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count)
            var start = 0
            while true {
                result.append(contentsOf: buffer[start..<found.lowerBound])
                result.append(contentsOf: text.utf8)
                start = found.upperBound
                guard let next = range(in: buffer, from: start) else { break }
                found = next
            }
            result.append(contentsOf: buffer[start...])
            return result
        }
    }
}

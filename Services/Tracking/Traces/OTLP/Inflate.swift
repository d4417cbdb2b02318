internal import CZlib

/// The reason why data can't be decompressed.
enum InflateError: Error, Equatable {
    case damaged
    /// The output would exceed the size limit.
    case tooLarge
    /// No memory could be reserved for the output.
    case outOfMemory
}

/// Decompresses gzip (RFC 1952) and zlib (RFC 1950). The output size is bounded, and memory is reserved as output is produced,
/// because a kilobyte can become a megabyte (zlib's maximum ratio is 1032 to 1).
enum Inflate {
    private static let pieceSize = 64 << 10
    /// zlib's maximum window size as a power of two; adding 16 selects the gzip format.
    private static let window: Int32 = 15
    /// The maximum number of gzip members. An empty member takes only 20 bytes, but setting up its decompression costs more.
    private static let memberLimit = 1_000

    /// - Parameter reserve: reserves this many more bytes of memory, and returns whether it succeeded.
    static func gzip(
        _ input: some Collection<UInt8>, limit: Int, reserve: (Int) -> Bool = { _ in true }
    ) throws(InflateError) -> [UInt8] {
        try unpacked(input, windowBits: window + 16, limit, reserve)
    }

    /// - Parameter reserve: reserves this many more bytes of memory, and returns whether it succeeded.
    static func zlib(
        _ input: some Collection<UInt8>, limit: Int, reserve: (Int) -> Bool = { _ in true }
    ) throws(InflateError) -> [UInt8] {
        try unpacked(input, windowBits: window, limit, reserve)
    }

    private static func unpacked(
        _ input: some Collection<UInt8>, windowBits: Int32, _ limit: Int, _ reserve: (Int) -> Bool
    ) throws(InflateError) -> [UInt8] {
        let unpacked: Result<[UInt8], InflateError>? =
            input.withContiguousStorageIfAvailable { Self.result($0, windowBits, limit, reserve) }
        return try (unpacked ?? Array(input).withUnsafeBufferPointer { Self.result($0, windowBits, limit, reserve) }).get()
    }

    private static func result(
        _ input: UnsafeBufferPointer<UInt8>, _ windowBits: Int32, _ limit: Int, _ reserve: (Int) -> Bool
    ) -> Result<[UInt8], InflateError> {
        var stream = z_stream()
        guard unladen_inflate_init(&stream, windowBits) == Z_OK else { return .failure(.damaged) }
        defer { inflateEnd(&stream) }
        // zlib only reads the input.
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(clamping: input.count)
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceSize)
        var members = 0
        while true {
            let status = piece.withUnsafeMutableBufferPointer { piece in
                stream.next_out = piece.baseAddress
                stream.avail_out = UInt32(clamping: piece.count)
                return inflate(&stream, Z_NO_FLUSH)
            }
            let count = pieceSize - Int(stream.avail_out)
            guard output.count + count <= limit else { return .failure(.tooLarge) }
            guard reserve(count) else { return .failure(.outOfMemory) }
            output += piece[..<count]
            switch status {
            case Z_OK: continue
            case Z_STREAM_END:
                guard stream.avail_in > 0 else { return .success(output) }
                // Several gzip members may be concatenated.
                members += 1
                guard members < memberLimit else { return .failure(.damaged) }
                guard inflateReset(&stream) == Z_OK else { return .failure(.damaged) }
            // The data is truncated or isn't in zlib's format.
            default: return .failure(.damaged)
            }
        }
    }
}

internal import CZlib

/// Why bytes can't be unpacked.
enum InflateError: Error, Equatable {
    case damaged
    /// They would become more than is allowed.
    case tooLarge
}

/// Unpacks gzip (RFC 1952) and zlib (RFC 1950). What comes out is bounded.
enum Inflate {
    private static let pieceSize = 64 << 10
    /// zlib's largest window; 16 more is gzip's form.
    private static let window: Int32 = 15

    static func gzip(_ input: [UInt8], limit: Int) throws(InflateError) -> [UInt8] {
        try unpacked(input, windowBits: window + 16, limit: limit)
    }

    static func zlib(_ input: [UInt8], limit: Int) throws(InflateError) -> [UInt8] {
        try unpacked(input, windowBits: window, limit: limit)
    }

    private static func unpacked(_ input: [UInt8], windowBits: Int32, limit: Int) throws(InflateError) -> [UInt8] {
        var stream = z_stream()
        guard unladen_inflate_init(&stream, windowBits) == Z_OK else { throw .damaged }
        defer { inflateEnd(&stream) }
        var input = input
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceSize)
        var failure: InflateError?
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(clamping: input.count)
            while failure == nil {
                let status = piece.withUnsafeMutableBufferPointer { piece in
                    stream.next_out = piece.baseAddress
                    stream.avail_out = UInt32(clamping: piece.count)
                    return inflate(&stream, Z_NO_FLUSH)
                }
                output += piece.prefix(pieceSize - Int(stream.avail_out))
                if output.count > limit {
                    failure = .tooLarge
                } else if status == Z_STREAM_END {
                    // Several of gzip's members may follow one another.
                    guard stream.avail_in > 0 else { return }
                    if inflateReset(&stream) != Z_OK { failure = .damaged }
                } else if status != Z_OK {
                    // The end is missing, or the bytes are none of zlib's.
                    failure = .damaged
                }
            }
        }
        if let failure { throw failure }
        return output
    }
}

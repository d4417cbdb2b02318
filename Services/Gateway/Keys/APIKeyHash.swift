internal import Crypto

/// The hash under which a key is stored. Keys have 256 random bits, so SHA-256 suffices and no slow password hash is needed.
enum APIKeyHash {
    /// Returns the SHA-256 of a key's UTF-8 bytes.
    static func of(_ key: String) -> [UInt8] {
        var key = key
        return key.withUTF8 { bytes in
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            return hash.finalize().withUnsafeBytes { [UInt8]($0) }
        }
    }
}

extension [UInt8] {
    /// Decodes a hexadecimal string; `nil` unless it is an even number of hexadecimal digits.
    init?(hex text: String) {
        let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        self = bytes
    }

    /// The bytes in lowercase hexadecimal.
    var hex: String {
        let digits = [UInt8]("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

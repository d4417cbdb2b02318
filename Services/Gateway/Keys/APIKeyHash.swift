internal import Crypto

/// Keys are kept as their SHA-256. They have 256 random bits, so nothing slower is needed to keep them from being guessed.
enum APIKeyHash {
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
    /// `nil` unless the text has an even number of hexadecimal digits and nothing else.
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

    /// In lower case.
    var hex: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

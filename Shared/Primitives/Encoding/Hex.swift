/// Hexadecimal digits.
package enum Hex {
    private static let lowercaseDigits = Array("0123456789abcdef".utf8)
    private static let uppercaseDigits = Array("0123456789ABCDEF".utf8)

    /// Two digits for each byte, in lower case.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String { encode(Array(bytes)) }

    /// Two digits for each byte, in lower case.
    package static func encode(_ bytes: [UInt8]) -> String {
        let digits = lowercaseDigits
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of an even number of digits in lower or upper case; `nil` for anything else.
    package static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(of: digits[index]), let low = value(of: digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// The value of a digit in lower or upper case; `nil` for any other character.
    package static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The number that digits in lower or upper case represent, without a sign or a prefix.
    ///
    /// - Parameter allowsUppercase: whether digits in upper case are valid.
    /// - Returns: `nil` for no digits, for more than 32, and for any other character.
    package static func number(_ digits: ArraySlice<UInt8>, allowsUppercase: Bool = true) -> UInt128? {
        guard !digits.isEmpty, digits.count <= 32 else { return nil }
        var number: UInt128 = 0
        for digit in digits {
            guard let value = value(of: digit), allowsUppercase || value < 10 || digit >= UInt8(ascii: "a") else { return nil }
            number = number << 4 | UInt128(value)
        }
        return number
    }

    /// The last `count` digits of a number, in lower case.
    fileprivate static func digits(of number: UInt128, count: Int) -> String {
        let digits = lowercaseDigits
        return String(
            decoding: (0..<count).reversed().map { digits[Int(truncatingIfNeeded: number >> (4 * $0)) & 0xF] }, as: UTF8.self)
    }

    /// The digit for the lower four bits of a value, in upper case.
    static func uppercaseDigit(_ value: UInt8) -> UInt8 { uppercaseDigits[Int(value & 0xF)] }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// The number in lower-case hexadecimal digits, with leading zeros. For up to 128 bits.
    package var hexDigits: String { Hex.digits(of: UInt128(truncatingIfNeeded: self), count: Self.bitWidth / 4) }
}

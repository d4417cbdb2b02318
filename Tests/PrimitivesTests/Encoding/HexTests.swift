import Primitives
import Testing

@Suite struct HexTests {
    @Test func `Bytes become two lower-case digits each`() {
        #expect(Hex.encode([0x00, 0x0F, 0xA0, 0xFF]) == "000fa0ff")
        #expect(Hex.encode([]) == "")
    }

    @Test func `Digits in either case are decoded, and every byte round-trips`() {
        #expect(Hex.decode("00fFAb") == [0x00, 0xFF, 0xAB])
        let all = (0...UInt8.max).map { $0 }
        #expect(Hex.decode(Hex.encode(all)) == all)
    }

    @Test(arguments: ["0", "0x", "g0", "+1", "-1", " 0", "0\n", "é", "٠٠", "００"])
    func `Anything else isn't hexadecimal`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test func `A number has all digits of its type`() {
        #expect(UInt8(7).hexDigits == "07")
        #expect(UInt64(0xAB).hexDigits == "00000000000000ab")
        #expect(UInt128.max.hexDigits == String(repeating: "f", count: 32))
    }

    @Test func `A number is parsed without a sign or a prefix`() {
        func number(_ text: String, uppercase: Bool = true) -> UInt128? { Hex.number(Array(text.utf8)[...], allowsUppercase: uppercase) }
        #expect(number("1F600") == 0x1F600)
        #expect(number(UInt128.max.hexDigits) == .max)
        for text in ["", "+1", "-1", "0x1", "1 ", "1g", "0" + UInt128.max.hexDigits] { #expect(number(text) == nil, "\(text)") }
        #expect(number("1f", uppercase: false) == 0x1F)
        #expect(number("1F", uppercase: false) == nil)
    }
}

import Primitives
import Testing

@Suite struct Base64Tests {
    /// The test vectors of RFC 4648, section 10, and both characters that aren't letters or digits.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `Bytes are encoded and decoded as in the RFC`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test func `The last two digits are those of the standard alphabet`() {
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
        #expect(Base64.decode("+/8=") == [0xFB, 0xFF])
        #expect(Base64.decode("-_8=") == nil)
    }

    @Test func `Bytes of any length round-trip`() {
        for length in 0..<50 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 91) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        "A", "Q", "QQ", "AA=A", "====", "A===", "Q===", "QQ=Q", "AA-=", "ÄÄ", "QU D", "QUJ-", "QUJDé", "QQ==QQ==", "QUJD\r\n", "QUJDQ\n==",
    ])
    func `Anything else is rejected`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `The unused bits of the last character are ignored`() {
        #expect(Base64.decode("QR==") == [65])
    }
}

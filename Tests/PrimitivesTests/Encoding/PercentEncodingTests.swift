import Primitives
import Testing

@Suite struct PercentEncodingTests {
    @Test func `Only unreserved characters stay as they are`() {
        #expect(PercentEncoding.encode("azAZ09-._~") == "azAZ09-._~")
        #expect(PercentEncoding.encode(" !\"#$%&'()*+,/:;=?@[]") == "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%5B%5D")
        #expect(PercentEncoding.encode("ä€\u{0}") == "%C3%A4%E2%82%AC%00")
        #expect(PercentEncoding.encode("a/b c", keepingSlashes: true) == "a/b%20c")
    }

    @Test func `Each escape is decoded once`() {
        #expect(PercentEncoding.decode("a%2Fb%2fc%2525") == "a/b/c%25")
        #expect(PercentEncoding.decode("%C3%A4"[...]) == "ä")
    }

    @Test(arguments: ["%", "%2", "%zz", "%2g", "100%", "%+1", "%%", "a%-1"])
    func `An incomplete escape stays as it is`(text: String) {
        #expect(PercentEncoding.decode(text) == text)
        #expect(PercentEncoding.decode(Array(text.utf8)) == Array(text.utf8))
    }

    @Test func `A plus is a space in forms only, and an escaped plus isn't one`() {
        #expect(PercentEncoding.decode("a+b%2B", plusIsSpace: true) == "a b+")
        #expect(PercentEncoding.decode("a+b%2B") == "a+b+")
    }

    @Test func `Invalid UTF-8 stays as bytes and becomes U+FFFD in a string`() {
        #expect(PercentEncoding.decode(Array("%FF%00".utf8)) == [0xFF, 0])
        #expect(PercentEncoding.decode("%FF") == "\u{FFFD}")
    }

    @Test func `Every byte round-trips`() {
        let text = String((0...0x7F).map { Character(Unicode.Scalar($0)) }) + "äß€😀"
        #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
        #expect(PercentEncoding.decode(PercentEncoding.encode(text), plusIsSpace: true) == text)
    }
}

import Testing

@testable import Tracking

@Suite struct YAMLDocumentTests {
    @Test(arguments: ["chat", "python=3.11.13", "mlflow[gateway]==3.17.2", "conda.yaml", "model/x_1-a", "an answer"])
    func `A plain string is written without quotes`(text: String) {
        #expect(YAMLDocument.scalar(text) == text)
    }

    @Test(arguments: [
        ("", #""""#), ("true", #""true""#), ("No", #""No""#), ("null", #""null""#), ("~", #""~""#), ("1", #""1""#), ("1e5", #""1e5""#),
        ("- x", #""- x""#), ("a: b", #""a: b""#), ("a #b", ##""a #b""##), ("a ", #""a ""#), ("{{ x }}", #""{{ x }}""#), ("*a", #""*a""#),
        (#"say "hi" \"#, #""say \"hi\" \\""#), ("a\nb\tc\r", #""a\nb\tc\r""#), ("é", #""\xE9""#), ("\u{2028}", #""\u2028""#),
        ("🐦", #""\U0001F426""#), ("\u{0}\u{7F}\u{85}", #""\x00\x7F\x85""#), ("\u{FEFF}", #""\uFEFF""#),
    ])
    func `Anything that could be read as something else is quoted`(text: String, quoted: String) {
        #expect(YAMLDocument.scalar(text) == quoted)
    }

    @Test func `Mappings and lists are blocks`() {
        let document = YAMLDocument([
            ("b", .mapping([("x", .null), ("flag", .bool(true)), ("z", .mapping([]))])),
            ("list", .sequence([.text("one"), .mapping([("pip", .sequence([.text("two")]))])])),
            ("sorted", .sorted([("b", "2"), ("a", "1"), ("B", "3")])),
        ])
        #expect(
            document.text == """
                b:
                  x: null
                  flag: true
                  z: {}
                list:
                - one
                - pip:
                  - two
                sorted:
                  B: "3"
                  a: "1"
                  b: "2"

                """)
    }

    @Test func `A long key is on a separate line`() {
        let key = String(repeating: "k", count: 200)
        #expect(YAMLDocument([(key, .text("v"))]).text == "? \(key)\n: v\n")
    }
}

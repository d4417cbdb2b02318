import TestSupport
import Testing

@testable import ArtifactStore

@Suite struct XMLNodeTests {
    @Test func `A document becomes a tree`() throws {
        let node = try XMLNode(
            parsing: """
                \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
                <!-- a > comment -->
                <s3:List xmlns:s3='http://a/"b">' xmlns="x">
                  <Key a="1>2">one &amp; &lt;two&gt; &quot;&apos; &#x1F600;&#233;</Key>
                  <Empty/><Key ><![CDATA[<raw> & ]] ]]></Key  ><!-- x --><?pi ?>
                  <Deep><Deeper>é</Deeper></Deep>
                </s3:List>
                """.utf8)
        #expect(node.name == "List")
        #expect(node.all("Key").map(\.text) == ["one & <two> \"' 😀é", "<raw> & ]] "])
        #expect(node["Empty"]?.text == "")
        #expect(node["Deep"]?["Deeper"]?.text == "é")
        #expect(node["None"] == nil)
    }

    @Test(arguments: [
        "", " ", "text", "<a>", "<a></b>", "<a", "<a b='", "<a/><b/>", "<a/>x", "<a>&unknown;</a>", "<a>&#xD800;</a>",
        "<a>&#99999999999;</a>", "<a>&amp</a>", "<a><![CDATA[</a>", "<!-- x", "<>", "</a>", "<a <b/>",
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "<a><!DOCTYPE b></a>",
    ])
    func `A malformed document is rejected`(document: String) {
        #expect(throws: XMLNode.ParseError.self) { try XMLNode(parsing: document.utf8) }
    }

    @Test func `Nesting is limited`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(try XMLNode(parsing: nested(32).utf8).name == "a")
        #expect(throws: XMLNode.ParseError.self) { try XMLNode(parsing: nested(100_000).utf8) }
    }

    @Test func `Arbitrary bytes only cause parse errors`() throws {
        var generator = SplitMix64(seed: 3)
        let pieces = [
            "<", ">", "/", "a", "</a>", "<a>", "&", ";", "#", "x", "\"", "'", "<!--", "-->", "<![CDATA[", "]]>",
            "<?", "?>", " ", "=", "\u{FEFF}", "é",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...12, using: &generator))
                .compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            _ = try? XMLNode(parsing: text.utf8)
        }
    }

    @Test func `Escaped text is parsed back unchanged`() throws {
        let text = "a<b>&\"c\" é\u{1}\n😀"
        #expect(try XMLNode(parsing: "<k>\(XMLNode.escape(text))</k>".utf8).text == text)
    }

    @Test func `A document with too many elements is rejected`() {
        #expect(throws: Never.self) { try XMLNode(parsing: "<a>\(String(repeating: "<b/>", count: 50_000))</a>".utf8) }
        #expect(throws: XMLNode.ParseError.self) {
            try XMLNode(parsing: "<a>\(String(repeating: "<b/>", count: 100_000))</a>".utf8)
        }
    }
}

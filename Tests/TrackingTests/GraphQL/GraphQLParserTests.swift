import Testing

@testable import Tracking

@Suite struct GraphQLParserTests {
    private func parse(_ text: String) throws -> GraphQLDocument { try GraphQLParser.parse(text) }

    private func message(_ text: String, limits: GraphQLLimits = .standard) -> String? {
        do throws(GraphQLError) {
            _ = try GraphQLParser.parse(text, limits: limits)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func `An operation has a name, variables with defaults, directives and selections`() throws {
        let document = try parse(
            """
            # A comment, and commas that mean nothing
            query Q($a: [String!]! = ["x", "y"], $b: Int) @component(name: "c") {
              alias: field(input: {list: [1, -2.5e3, $b], flag: true, none: null, kind: ALL}) @skip(if: $b) { inner }
            }
            """)
        let field = GraphQLField(
            alias: "alias", name: "field",
            arguments: [
                .init(
                    name: "input",
                    value: .object([
                        .init(name: "list", value: .list([.int("1"), .float("-2.5e3"), .variable("b")])),
                        .init(name: "flag", value: .bool(true)), .init(name: "none", value: .null),
                        .init(name: "kind", value: .enumeration("ALL")),
                    ]))
            ],
            directives: [.init(name: "skip", arguments: [.init(name: "if", value: .variable("b"))])],
            selections: [.field(GraphQLField(name: "inner"))])
        let operation = GraphQLOperation(
            kind: .query, name: "Q",
            variables: [
                .init(
                    name: "a", type: .nonNull(.list(.nonNull(.named("String")))),
                    defaultValue: .list([.string("x"), .string("y")])),
                .init(name: "b", type: .named("Int")),
            ],
            directives: [.init(name: "component", arguments: [.init(name: "name", value: .string("c"))])],
            selections: [.field(field)])
        #expect(document == GraphQLDocument(operations: [operation]))
    }

    @Test func `Fragments are named or inline, and keywords can be names`() throws {
        let document = try parse("fragment query on T { on } { ...query ... on T { fragment } ... @include(if: true) { true } }")
        #expect(
            document
                == GraphQLDocument(
                    operations: [
                        .init(
                            kind: .query,
                            selections: [
                                .fragmentSpread(name: "query", directives: []),
                                .inlineFragment(type: "T", directives: [], selections: [.field(.init(name: "fragment"))]),
                                .inlineFragment(
                                    type: nil,
                                    directives: [.init(name: "include", arguments: [.init(name: "if", value: .bool(true))])],
                                    selections: [.field(.init(name: "true"))]),
                            ])
                    ],
                    fragments: [.init(name: "query", type: "T", selections: [.field(.init(name: "on"))])]))
    }

    @Test(arguments: [
        (#""""#, ""), (#""a\"b\\\/\b\f\n\r\t""#, "a\"b\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u{1F600}\uD83D\uDE00""#, "é😀😀"),
        ("\"tab\tand é\"", "tab\tand é"), ("\"\"\"a\"\"\"", "a"),
        ("\"\"\"\n    a\n      b\r\n\n    \\\"\"\"\n  \"\"\"", "a\n  b\n\n\"\"\""),
    ])
    func `A string is parsed without its escapes, a block string without its indentation`(text: String, value: String) throws {
        let document = try parse("{ f(a: \(text)) }")
        #expect(document.operations.first?.selections == [.field(.init(name: "f", arguments: [.init(name: "a", value: .string(value))]))])
    }

    @Test(arguments: [
        ("", "Syntax Error: Unexpected the end of the document (line 1, column 1)."),
        ("{", "Syntax Error: Expected Name, found the end of the document (line 1, column 2)."),
        ("{}", "Syntax Error: Expected Name, found '}' (line 1, column 2)."),
        ("{ a {} }", "Syntax Error: Expected Name, found '}' (line 1, column 6)."),
        ("\n\r\n  {a(}", "Syntax Error: Expected Name, found '}' (line 3, column 6)."),
        ("{a(b:$)}", "Syntax Error: Expected Name, found ')' (line 1, column 7)."),
        ("query($a: Int = $b) {a}", "Syntax Error: Unexpected '$' (line 1, column 17)."),
        ("type T { a: Int }", "Syntax Error: Unexpected Name \"type\" (line 1, column 1)."),
        ("fragment on on T {a}", "Syntax Error: Unexpected Name \"on\" (line 1, column 10)."),
        ("fragment F T {a}", "Syntax Error: Expected \"on\", found Name \"T\" (line 1, column 12)."),
        ("{a} }", "Syntax Error: Unexpected '}' (line 1, column 5)."),
        ("{a(b:01)}", "Syntax Error: A number can't begin with 0 (line 1, column 6)."),
        ("{a(b:1.)}", "Syntax Error: A number is missing a digit (line 1, column 6)."),
        ("{a(b:1x)}", "Syntax Error: A letter or a dot can't follow a number (line 1, column 6)."),
        ("{a(b:\"x", "Syntax Error: Unterminated string (line 1, column 6)."),
        ("{a(b:\"x\n\")}", "Syntax Error: Unterminated string (line 1, column 6)."),
        ("{a(b:\"\"\"x\")}", "Syntax Error: Unterminated string (line 1, column 6)."),
        (#"{a(b:"\x")}"#, "Syntax Error: Invalid escape sequence in a string (line 1, column 6)."),
        (#"{a(b:"\uD83D")}"#, "Syntax Error: Invalid Unicode escape sequence (line 1, column 6)."),
        (#"{a(b:"\u{}")}"#, "Syntax Error: Invalid Unicode escape sequence (line 1, column 6)."),
        (#"{a(b:"\u+123")}"#, "Syntax Error: Invalid Unicode escape sequence (line 1, column 6)."),
        ("{é}", "Syntax Error: Unexpected character 'é' (line 1, column 2)."),
        ("{..a}", "Syntax Error: Unexpected '.' (line 1, column 2)."),
    ])
    func `A syntax error contains the reason and the position`(text: String, error: String) {
        #expect(message(text) == error)
    }

    @Test func `A query nested beyond the limit is rejected, however deep it is`() {
        let limit = "Syntax Error: The query is nested deeper than 64 levels (line 1, column "
        for (start, level) in [("", "{a"), ("", "{...@x"), ("{a(b:", "["), ("{a(b:", "{c:"), ("query($a:", "[")] {
            let text = start + String(repeating: level, count: 50_000)
            #expect(message(text)?.hasPrefix(limit) == true, "\(level)")
        }
    }

    @Test func `A document is rejected at the first token beyond the limit`() {
        var limits = GraphQLLimits()
        limits.tokens = 5
        #expect(message("{a b c}", limits: limits) == nil)
        #expect(message("{a b c d}", limits: limits) == "The query has too many tokens.")
        #expect(message("{" + String(repeating: "a ", count: 400_000) + "}") == "The query has too many tokens.")
    }
}

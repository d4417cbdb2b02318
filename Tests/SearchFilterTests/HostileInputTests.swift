import Testing

@testable import SearchFilter

/// Filters that are designed to overflow the stack or to take superlinear time.
@Suite struct HostileInputTests {
    private static let units = [
        "(", ")", "[", "]", "[a", "'", "\"", "`", "'\"", "\\'", "''\\", "\0", "=", "= ", "a ", "a.", "a::", "a,",
        "a=a ", " ", "(a ", "a(", "/*", "*/", "--", "# \n", "-", "1.", "0x", "9", "e9", "NOT ", "NOT\n", "IS ", "a IN ",
        "DESC ", "WHERE ", "AND ", ";", "%(", ":", "$a", "@a", "{", "🎉", "é", "\u{301}", "\u{2003}",
        "a desc ", "+", "a+", "a -> ", "timestamp ",
    ]

    @Test(.timeLimit(.minutes(5)), arguments: units)
    func `Fifty kilobytes of one token are handled`(unit: String) {
        let soup = String(repeating: unit, count: 50_000 / unit.utf8.count)
        for text in [soup, "tags.a = '\(soup)", "run_id IN ('a', \(soup))"] { expectNoCrash(text) }
    }

    @Test(.timeLimit(.minutes(5)))
    func `Brackets hidden from the tokenizer don't overflow the stack`() {
        // In SQL, all of it is one string; in Python, the string ends early.
        expectNoCrash("run_id IN ('a\\\\', " + String(repeating: "(", count: 1_000_000) + "')")
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            "tags.a = 'LONG'", "tags.`LONG` = 'a'", "run_id IN ('LONG')", "tags.a = '\\'LONG'",
            "name = 'LONG' AND name = 'LONG'",
        ])
    func `A key or value may be half a megabyte long`(shape: String) throws {
        let filter = shape.split(separator: "LONG", omittingEmptySubsequences: false)
            .joined(separator: String(repeating: "é", count: 250_000))
        let grammar = shape.hasPrefix("name") ? Grammar.experiments : .runs
        let comparisons = try grammar.comparisons(in: filter)
        #expect(try grammar.comparisons(in: comparisons.filterText) == comparisons)
    }

    private func expectNoCrash(_ text: String) {
        for grammar in [Grammar.runs, .loggedModels] {
            if case .error(let message) = Outcome({ () throws(FilterError) in try grammar.comparisons(in: text) }) {
                #expect(!message.isEmpty)
            }
        }
        if case .error(let message) = Outcome({ () throws(FilterError) in try Grammar.runs.order(by: [text]) }) {
            #expect(!message.isEmpty)
        }
    }
}

import TestSupport
import Testing

@testable import SearchFilter

@Suite struct PropertyTests {
    private static let seeds: [UInt64] = [1, 2, 3, 4]

    @Test(arguments: seeds)
    func `Every accepted filter is printed as an equivalent filter`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var accepted = 0
        for _ in 0..<400 {
            for grammar in Grammar.inOrder {
                let filter = RandomFilter.filter(using: &random)
                guard let comparisons = try? grammar.comparisons(in: filter) else { continue }
                accepted += comparisons.isEmpty ? 0 : 1
                let printed = comparisons.filterText
                #expect((try? grammar.comparisons(in: printed)) == comparisons, "\(filter) → \(printed)")
            }
        }
        #expect(accepted > 50)
    }

    @Test(arguments: seeds)
    func `Every accepted order is printed as an equivalent clause`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let clause = RandomFilter.key(using: &random) + ["", " ASC", " desc"].element(using: &random)
            for grammar in [Grammar.runs, .experiments, .modelVersions, .traces] {
                guard let order = try? grammar.order(by: [clause]) else { continue }
                #expect((try? grammar.order(by: order.map(\.description))) == order, "\(clause) → \(order)")
            }
        }
    }

    @Test(arguments: seeds)
    func `Random tokens don't crash the parser`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let count = Int.random(in: 0..<12, using: &random)
            expectNoCrash((0..<count).map { _ in RandomFilter.token(using: &random) }.joined())
        }
    }

    @Test(arguments: seeds)
    func `Random bytes don't crash the parser`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let count = Int.random(in: 0..<40, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            expectNoCrash(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Every search returns comparisons or an error with a message.
    private func expectNoCrash(_ text: String) {
        for grammar in Grammar.inOrder {
            if case .error(let message) = Outcome({ () throws(FilterError) in try grammar.comparisons(in: text) }) {
                #expect(!message.isEmpty)
            }
            if case .error(let message) = Outcome({ () throws(FilterError) in try grammar.order(by: [text]) }) {
                #expect(!message.isEmpty)
            }
        }
    }
}

/// Random filters, most of them nearly valid.
private enum RandomFilter {
    static func filter(using random: inout SplitMix64) -> String {
        let clauses = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            let (key, sign) = (key(using: &random), signs.element(using: &random))
            return "\(key) \(sign) \(sign.hasSuffix("NULL") ? "" : values.element(using: &random))"
        }
        return clauses.joined(separator: [" AND ", " and ", " "].element(using: &random))
    }

    static func key(using random: inout SplitMix64) -> String {
        entities.element(using: &random) + keys.element(using: &random)
    }

    static func token(using random: inout SplitMix64) -> String {
        [entities, keys, signs, values, others].element(using: &random).element(using: &random)
    }

    private static let entities = [
        "", "", "", "metrics.", "params.", "tags.", "tags.", "attributes.", "dataset.", "metadata.", "span.",
        "feedback.", "span.attributes.", "issue.", "foo.",
    ]
    private static let keys = [
        "name", "status", "run_id", "start_time", "experiment_id", "version_number", "timestamp_ms", "created_time",
        "a", "`a b`", "\"a b\"", "'a'", "a.b", "`it's`", "`a``b`", "a desc", "f(x)", "a::b", "ключ", "`a\"b'c`", "",
        " z", "`in`", "\"a\\\"", "id", "content", "`1`", "a[0]", "'`a`'", "\"`a\"", "a->b", "\"\"", "`", "text",
        "digest",
    ]
    private static let signs = [
        "=", "=", "=", "!=", ">", "<=", "LIKE", "ILIKE", "IN", "NOT IN", "IS NULL", "IS NOT NULL", "like", "RLIKE",
        "==",
    ]
    private static let values = [
        "'a'", "'a'", "\"b\"", "5", "-1.5", "1e-7", "1e300", "1e999", "('a')", "('a', \"it's\")",
        "('\\\\', '\\'', '\\n')", "'it''s'", "'it\\'s'", "\"it's\"", "'C:\\'", "\"C:\\\"", "\"a\".\"b\"",
        "'say \"hi\" it''s'", "''", "'1'", "abc", "'é🎉'", "\"it's\".\"b\"", "'\n'", "'\0'", "99999999999999999999",
        "inf",
    ]
    private static let others = [
        " ", "(", ")", "[", "]", "`", "'", "\"", ",", ";", ".", ":", "AND", " AND ", "WHERE", "ORDER BY", "desc",
        "NULL", "--", "/*", "*/", "\\", "\n", "\0", "🎉", "{", "%s", "?", "$", "#", "@", "date", "timestamp", "as", "0x",
        "1.", "-",
    ]
}

extension Array {
    fileprivate func element(using random: inout SplitMix64) -> Element { self[Int.random(in: indices, using: &random)] }
}

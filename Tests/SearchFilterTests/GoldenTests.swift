import Testing

@testable import SearchFilter

/// Compares every grammar with MLflow, whose results are in `Golden/`; see `Golden/regenerate.py`.
@Suite struct GoldenTests {
    @Test(arguments: Grammar.all.keys.sorted())
    func `A filter is interpreted as by MLflow, or rejected with the same message`(name: String) throws {
        let grammar = try #require(Grammar.all[name])
        let examples = try FilterCase.all().filter { $0.grammar == name }
        #expect(examples.count > 150)
        for example in examples where Deviation.ours(name, example.filter) == nil {
            let filter = example.filter
            switch Outcome({ () throws(FilterError) in try grammar.comparisons(in: filter) }) {
            case .value(let comparisons):
                let expected = try #require(example.comparisons, "accepted: \(filter)")
                #expect(comparisons.map(\.comparable) == expected.map(\.comparable), "\(filter)")
            case .error(let message):
                if let crash = example.crash {
                    #expect(!message.isEmpty && !message.contains(crash), "\(filter)")
                } else {
                    #expect(message == example.error, "\(filter)")
                }
            }
        }
    }

    @Test func `A filter is interpreted differently from MLflow only on purpose`() throws {
        let asked = Set(try FilterCase.all().map { "\($0.grammar) \($0.filter)" })
        for deviation in Deviation.all {
            let grammar = try #require(Grammar.all[deviation.grammar])
            for (filter, ours) in deviation.filters {
                #expect(asked.contains("\(deviation.grammar) \(filter)"))
                switch (ours, Outcome({ () throws(FilterError) in try grammar.comparisons(in: filter) })) {
                case (.reads(let text), .value(let comparisons)): #expect(comparisons.filterText == text)
                case (.refuses(let text), .error(let message)): #expect(message == text)
                default: Issue.record("\(filter) no longer deviates as documented")
                }
            }
        }
    }

    @Test(arguments: Grammar.all.keys.sorted())
    func `Order-by clauses are interpreted as by MLflow, or rejected with the same message`(name: String) throws {
        let grammar = try #require(Grammar.all[name])
        let examples = try OrderCase.all().filter { $0.grammar == name }
        #expect(examples.count >= 12)
        for example in examples where example.clauses != ["end_time"] || name != "traces" {
            switch Outcome({ () throws(FilterError) in try order(example.clauses, in: grammar, of: name) }) {
            case .value(let order): #expect(order == example.order, "\(example.clauses)")
            case .error(let message): #expect(message == example.error ?? example.crash, "\(example.clauses)")
            }
        }
    }

    /// Logged models are ordered by field names, everything else by clauses.
    private func order(_ clauses: [String], in grammar: Grammar, of name: String) throws(FilterError) -> [OrderBy] {
        guard name == "loggedModels" else { return try grammar.order(by: clauses) }
        var order: [OrderBy] = []
        for clause in clauses { order.append(try grammar.order(byField: clause, ascending: true)) }
        return order
    }
}

extension Comparison {
    /// The comparison with an integer time of a logged model as a floating-point number, as in MLflow.
    fileprivate var comparable: Comparison {
        var comparison = self
        if key.hasSuffix("_timestamp_ms"), case .integer(let integer) = literal {
            comparison.literal = .number(Double(integer))
        }
        return comparison
    }
}

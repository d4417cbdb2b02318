internal import JSON

/// Interprets the clauses of a filter by a grammar.
///
/// Errors are reported in MLflow's order: first clauses that aren't comparisons, then keys and the forms of values, then operators and
/// the contents of values.
struct FilterParser {
    private let grammar: Grammar
    private let filter: String
    private let source: Source

    init(grammar: Grammar, filter: String) {
        self.grammar = grammar
        self.filter = filter
        source = Source(filter)
    }

    func comparisons() throws(FilterError) -> [Comparison] {
        var drafts: [UncheckedComparison] = []
        for comparison in try parsedComparisons() { drafts.append(try draft(comparison)) }
        var comparisons: [Comparison] = []
        for draft in drafts { comparisons.append(try draft.checked()) }
        return comparisons
    }

    private func parsedComparisons() throws(FilterError) -> [ParsedComparison] {
        let joiner = ClauseJoiner(source: source)
        let clauses: [Clause]
        do throws(SyntaxError) {
            clauses = joiner.join(try ClauseParser.clauses(of: source), typeKeys: grammar.syntax.typeKeys)
        } catch {
            throw self.error(for: error)
        }
        let invalid = clauses.filter { $0.comparison == nil && !joiner.isAnd($0) }.map { source.text($0.node.span) }
        guard invalid.isEmpty else {
            throw grammar.syntax.invalidClauses.error([
                "clauses": invalid.joined(separator: ", "),
                "clausesQuoted": invalid.map { "'\($0)'" }.joined(separator: ", "),
                "filter": filter,
            ])
        }
        let comparisons = clauses.compactMap(\.comparison)
        guard comparisons.count <= FilterLimits.comparisons else {
            throw FilterError("The filter has \(comparisons.count) comparisons; the maximum is \(FilterLimits.comparisons).")
        }
        return comparisons
    }

    private func error(for fault: SyntaxError) -> FilterError {
        let message =
            switch fault {
            case .empty: grammar.syntax.empty
            case .multipleStatements: grammar.syntax.multipleStatements
            case .tooLong, .tooDeep: grammar.syntax.unparsable
            }
        return message.error(["filter": filter])
    }

    private func draft(_ written: ParsedComparison) throws(FilterError) -> UncheckedComparison {
        let keyText = source.text(written.key.span)
        let isKey = grammar.syntax.keysAreFreeText ? written.key.kind != .comparison : written.key.kind == .identifier
        guard isKey else {
            throw FilterError("Invalid comparison clause. Expected 'Identifier' found '\(keyText)'")
        }
        let (entity, name) = try grammar.entity(of: keyText)
        let key = try entity.resolve(name)
        let spelling = entity.ignoresOperatorCase ? written.operator.uppercased() : written.operator
        guard let node = written.value else {
            if let rejection = entity.nullTestError {
                throw rejection.error([
                    "entity": entity.entity.rawValue, "key": key.name, "comparison": keyText + spelling,
                ])
            }
            return UncheckedComparison(key: key, spelling: spelling, value: .none)
        }
        let value = try ValueParser(source: source, key: key, operator: spelling).value(of: node)
        return UncheckedComparison(key: key, spelling: spelling, value: value)
    }
}

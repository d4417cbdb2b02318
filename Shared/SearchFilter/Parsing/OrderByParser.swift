internal import JSON

/// Parses an order-by clause: a key, optionally followed by ASC or DESC.
struct OrderByParser {
    private let grammar: Grammar
    private let clause: String
    private let source: Source

    init(grammar: Grammar, clause: String) {
        self.grammar = grammar
        self.clause = clause
        source = Source(clause)
    }

    func order() throws(FilterError) -> OrderBy {
        let text = try keyAndDirection()
        // Backquotes count as double quotes here, so that a key with spaces is one word.
        let requoted = String.UnicodeScalarView(text.unicodeScalars.map { $0 == "`" ? "\"" : $0 })
        let words = ShellWords.split(String(requoted))
        guard let words, words.count <= 2 else { throw unparsable }
        guard words.count == 2 else { return try order(by: text, ascending: true) }
        switch words[1].lowercased() {
        case "asc": return try order(by: words[0], ascending: true)
        case "desc": return try order(by: words[0], ascending: false)
        default: throw FilterError("Invalid ordering key in order_by clause '\(clause)'.")
        }
    }

    private var unparsable: FilterError { FilterError("Invalid order_by clause '\(clause)'. Could not be parsed.") }

    /// The clause, if it is a single identifier. (The direction is part of the identifier; see ``ClauseParser``.)
    private func keyAndDirection() throws(FilterError) -> String {
        let clauses: [Clause]
        do throws(SyntaxError) {
            clauses = ClauseJoiner(source: source).join(try ClauseParser.clauses(of: source), typeKeys: [])
        } catch .tooLong, .tooDeep {
            throw FilterError("Error on parsing order_by clause '\(clause)'")
        } catch {
            throw unparsable
        }
        guard let first = clauses.first?.node, first.span.lowerBound == 0,
            let last = clauses.last?.node, last.span.upperBound == source.count
        else { throw unparsable }
        switch clauses.count {
        case 1 where first.kind == .identifier || first.kind == .aliased || isTimestamp(first): return clause
        case 2 where isTimestamp(first) && isDirection(last): return clause
        default: throw unparsable
        }
    }

    /// Whether a node is the key `timestamp`, which is also the name of an SQL type.
    private func isTimestamp(_ node: SyntaxNode) -> Bool { node.kind == .type && source.text(node.span) == "timestamp" }

    private func isDirection(_ node: SyntaxNode) -> Bool {
        let word = source.capitals(node.span)
        return word.hasPrefix("ASC") || word.hasPrefix("DESC")
    }

    private func order(by text: String, ascending: Bool) throws(FilterError) -> OrderBy {
        let text = CharacterClasses.trimmed(text)
        let rules = grammar.ordering
        guard rules.namesEntities else { return try attribute(text, ascending) }
        let (entity, name) = try grammar.entity(of: text)
        guard entity.entity == .attribute else {
            let key = try entity.resolve(name)
            guard rules.entities.contains(entity.entity) else {
                throw rules.entityError.error(["entity": entity.entity.rawValue, "key": key.name])
            }
            return OrderBy(key.entity, key.key, ascending: ascending)
        }
        return try attribute(rules.allowsQuotedKeys ? name.unquotedKey : name, ascending)
    }

    private func attribute(_ name: String, _ ascending: Bool) throws(FilterError) -> OrderBy {
        let rules = grammar.ordering
        guard let known = rules.keys.first(where: { $0.name == name }) else {
            throw rules.unknownKey.error(["key": name, "keys": PythonRepr.set(rules.keys.map(\.name))])
        }
        return OrderBy(known.meaning.entity, known.meaning.key, ascending: ascending)
    }
}

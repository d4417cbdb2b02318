/// Joins neighbouring clauses: first those that are one thing in SQL, so that errors name them as one; then the
/// comparisons whose operator is made of reserved words (`IN`, `NOT IN`, `IS NULL`, `IS NOT NULL`).
struct ClauseJoiner {
    let source: Source

    /// The clauses that a grammar gives a meaning to. `typeKeys` are the search keys that are names of types in SQL,
    /// which the parser couldn't know for keys.
    func join(_ clauses: [Clause], typeKeys: [String]) -> [Clause] {
        guard clauses.contains(where: { $0.comparison == nil && !isAnd($0) }) else { return clauses }
        let joined = joiningLists(joiningAliases(clauses))
        return joiningComparisons(joined, typeKeys: typeKeys)
    }

    func isAnd(_ clause: Clause) -> Bool { isKeyword(clause.node, "AND") }

    /// Joins a clause and the identifier behind it. (To MLflow that is an identifier again, so that with an AND missing
    /// `tags.a = 'x' tags.b IS NULL` tests a tag of the name `a = 'x' tags.b`. Here it is no key.)
    private func joiningAliases(_ clauses: [Clause]) -> [Clause] {
        var joined: [Clause] = []
        var index = 0
        while index < clauses.count {
            let clause = clauses[index]
            if index + 1 < clauses.count, clause.node.kind.canHaveAlias, clauses[index + 1].node.kind == .identifier {
                joined.append(clause.extended(to: clauses[index + 1], as: .aliased))
                index += 2
            } else {
                joined.append(clause)
                index += 1
            }
        }
        return joined
    }

    /// Joins what stands before and behind commas.
    private func joiningLists(_ clauses: [Clause]) -> [Clause] {
        guard clauses.contains(where: { $0.node.kind == .comma }) else { return clauses }
        var joined: [Clause] = []
        var index = 0
        while index < clauses.count {
            if clauses[index].node.kind == .comma, let last = joined.last, last.node.kind.isListMember,
               index + 1 < clauses.count, clauses[index + 1].node.kind.isListMember {
                joined[joined.count - 1] = last.extended(to: clauses[index + 1], as: .list)
                index += 2
            } else {
                joined.append(clauses[index])
                index += 1
            }
        }
        return joined
    }

    /// Walks in the steps that MLflow walks in: an identifier that begins no such comparison is passed over together
    /// with the three clauses behind it.
    private func joiningComparisons(_ clauses: [Clause], typeKeys: [String]) -> [Clause] {
        var joined: [Clause] = []
        var rest = clauses[...]
        while rest.count >= 3, let first = rest.first {
            if let comparison = typeComparison(rest, typeKeys) ?? (first.isIdentifier ? wordComparison(rest) : nil) {
                joined.append(comparison.clause)
                rest.removeFirst(comparison.length)
            } else {
                let step = first.isIdentifier ? min(4, rest.count) : 1
                joined += rest.prefix(step)
                rest.removeFirst(step)
            }
        }
        return joined + rest
    }

    private func wordComparison(_ clauses: ArraySlice<Clause>) -> (clause: Clause, length: Int)? {
        let nodes = clauses.prefix(4).map(\.node)
        let (key, word, third) = (nodes[0], nodes[1], nodes[2])
        if isKeyword(word, "IN"), third.kind == .parenthesis {
            return (comparison(key, source.text(word.span), third), 3)
        }
        if isKeyword(word, "IS"), third.kind == .null {
            return (comparison(key, "IS NULL", nil, end: third), 3)
        }
        if isKeyword(word, "IS"), third.kind == .keyword, source.capitals(third.span) == "NOT NULL" {
            return (comparison(key, "IS NOT NULL", nil, end: third), 3)
        }
        if nodes.count == 4, isKeyword(word, "NOT"), isKeyword(third, "IN"), nodes[3].kind == .parenthesis {
            return (comparison(key, "NOT IN", nodes[3]), 4)
        }
        return nil
    }

    /// A comparison of a key that is the name of a type with a whole number.
    private func typeComparison(_ clauses: ArraySlice<Clause>, _ keys: [String]) -> (clause: Clause, length: Int)? {
        guard !keys.isEmpty else { return nil }
        let nodes = clauses.prefix(3).map(\.node)
        let sign = source.text(nodes[1].span)
        guard nodes[0].kind == .type, keys.contains(source.text(nodes[0].span)), nodes[2].kind == .integer,
              let known = Operator(rawValue: sign), OperatorSet.ordering.contains(known) else { return nil }
        let key = SyntaxNode(kind: .identifier, span: nodes[0].span)
        return (comparison(key, sign, nodes[2]), 3)
    }

    private func comparison(_ key: SyntaxNode, _ operator: String, _ value: SyntaxNode?, end: SyntaxNode? = nil) -> Clause {
        Clause(
            ParsedComparison(key: key, operator: `operator`, value: value),
            upTo: (value ?? end ?? key).span.upperBound)
    }

    private func isKeyword(_ node: SyntaxNode, _ word: String) -> Bool {
        node.kind == .keyword && source.capitals(node.span) == word
    }
}

private extension Clause {
    var isIdentifier: Bool { node.kind == .identifier }

    func extended(to end: Clause, as kind: SyntaxNode.Kind) -> Clause {
        Clause(SyntaxNode(kind: kind, span: node.span.lowerBound..<end.node.span.upperBound))
    }
}

private extension SyntaxNode.Kind {
    var canHaveAlias: Bool {
        switch self {
        case .parenthesis, .function, .identifier, .operation, .comparison, .integer, .float: true
        default: false
        }
    }

    var isListMember: Bool {
        switch self {
        case .function, .identifier, .aliased, .comparison, .list, .operation, .integer, .float, .text, .placeholder,
             .null, .keyword: true
        default: false
        }
    }
}

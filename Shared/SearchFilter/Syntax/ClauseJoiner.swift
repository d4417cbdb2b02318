/// Joins adjacent clauses: first those that form a unit in SQL, so that errors quote them as one; then the comparisons whose operator
/// consists of reserved words (`IN`, `NOT IN`, `IS NULL`, `IS NOT NULL`).
struct ClauseJoiner {
    let source: Source

    /// Joins clauses for their interpretation by a grammar. `typeKeys` are the search keys that are also names of SQL types, which the
    /// parser doesn't recognize as keys.
    func join(_ clauses: [Clause], typeKeys: [String]) -> [Clause] {
        guard clauses.contains(where: { $0.comparison == nil && !isAnd($0) }) else { return clauses }
        let joined = joiningLists(joiningAliases(clauses))
        return joiningComparisons(joined, typeKeys: typeKeys)
    }

    func isAnd(_ clause: Clause) -> Bool { isKeyword(clause.node, "AND") }

    /// Joins a clause and the identifier that follows it. (MLflow treats the result as an identifier, so that without an AND,
    /// `tags.a = 'x' tags.b IS NULL` tests a tag with the name `a = 'x' tags.b`. Here, it isn't a valid key.)
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

    /// Joins clauses separated by commas.
    private func joiningLists(_ clauses: [Clause]) -> [Clause] {
        guard clauses.contains(where: { $0.node.kind == .comma }) else { return clauses }
        var joined: [Clause] = []
        var index = 0
        while index < clauses.count {
            if clauses[index].node.kind == .comma, let last = joined.last, last.node.kind.isListMember,
                index + 1 < clauses.count, clauses[index + 1].node.kind.isListMember
            {
                joined[joined.count - 1] = last.extended(to: clauses[index + 1], as: .list)
                index += 2
            } else {
                joined.append(clauses[index])
                index += 1
            }
        }
        return joined
    }

    /// Joins comparisons in the same steps as MLflow: skips an identifier that doesn't begin such a comparison, together with the three
    /// clauses after it.
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

    /// A comparison of a key that is also the name of an SQL type with an integer.
    private func typeComparison(_ clauses: ArraySlice<Clause>, _ keys: [String]) -> (clause: Clause, length: Int)? {
        guard !keys.isEmpty else { return nil }
        let nodes = clauses.prefix(3).map(\.node)
        let sign = source.text(nodes[1].span)
        guard nodes[0].kind == .type, keys.contains(source.text(nodes[0].span)), nodes[2].kind == .integer,
            let known = Operator(rawValue: sign), OperatorSet.ordering.contains(known)
        else { return nil }
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

extension Clause {
    fileprivate var isIdentifier: Bool { node.kind == .identifier }

    fileprivate func extended(to end: Clause, as kind: SyntaxNode.Kind) -> Clause {
        Clause(SyntaxNode(kind: kind, span: node.span.lowerBound..<end.node.span.upperBound))
    }
}

extension SyntaxNode.Kind {
    fileprivate var canHaveAlias: Bool {
        switch self {
        case .parenthesis, .function, .identifier, .operation, .comparison, .integer, .float: true
        default: false
        }
    }

    fileprivate var isListMember: Bool {
        switch self {
        case .function, .identifier, .aliased, .comparison, .list, .operation, .integer, .float, .text, .placeholder,
            .null, .keyword:
            true
        default: false
        }
    }
}

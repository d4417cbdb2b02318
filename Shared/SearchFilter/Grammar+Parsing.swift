internal import JSON

extension Grammar {
    /// Parses the comparisons of a filter, all of which a match must satisfy. An empty filter has none and matches everything.
    package func comparisons(in filter: String) throws(FilterError) -> [Comparison] {
        guard !filter.isEmpty else { return [] }
        try FilterLimits.check(filter, "filter")
        return try FilterParser(grammar: self, filter: filter).comparisons()
    }

    /// Parses the sort keys, in order of precedence, from clauses such as `` metrics.`a b` DESC ``.
    package func order(by clauses: [String]) throws(FilterError) -> [OrderBy] {
        var order: [OrderBy] = []
        var seen: Set<OrderBy> = []
        guard clauses.count <= FilterLimits.orderKeys else {
            throw FilterError("`order_by` has \(clauses.count) keys; the maximum is \(FilterLimits.orderKeys).")
        }
        for clause in clauses {
            try FilterLimits.check(clause, "order_by clause")
            let next = try OrderByParser(grammar: self, clause: clause).order()
            guard seen.insert(OrderBy(next.entity, next.key)).inserted || !ordering.rejectsDuplicates else {
                throw FilterError("`order_by` contains duplicate fields: \(PythonRepr.list(clauses))")
            }
            order.append(next)
        }
        return order
    }

    /// The sort key for a field name, in searches whose order is an array of objects (logged models).
    package func order(byField name: String, ascending: Bool) throws(FilterError) -> OrderBy {
        let (prefix, key) = splitAtFirstDot(name)
        guard let prefix else {
            guard let known = ordering.keys.first(where: { $0.name == key }) else {
                throw ordering.unknownKey.error(["key": key])
            }
            return OrderBy(known.meaning.entity, known.meaning.key, ascending: ascending)
        }
        guard let rule = entities.first(where: { $0.names.contains(prefix) }), ordering.entities.contains(rule.entity)
        else { throw ordering.entityError.error(["key": name]) }
        return OrderBy(rule.entity, key, ascending: ascending)
    }

    /// The rule of the entity named before a key's first dot, and the rest of the key.
    func entity(of key: String) throws(FilterError) -> (rule: EntityRule, key: String) {
        let (prefix, rest) = splitAtFirstDot(key)
        let name = syntax.allowsQuotedEntities ? prefix?.unquoted("`") : prefix
        let rule = entities.first { rule in name.map(rule.names.contains) ?? (rule.entity == .attribute) }
        guard let rule else { throw syntax.unknownEntity.error(["name": name ?? ""]) }
        return (rule, rest)
    }
}

private func splitAtFirstDot(_ key: String) -> (prefix: String?, rest: String) {
    let utf8 = key.utf8
    guard let dot = utf8.firstIndex(of: UInt8(ascii: ".")) else { return (nil, key) }
    return (String(key[..<dot]), String(key[utf8.index(after: dot)...]))
}

/// A comparison with a known key and an accepted form of value, but an unchecked operator.
struct UncheckedComparison {
    let key: ResolvedKey
    /// The operator as written; uppercase if case doesn't matter.
    let spelling: String
    let value: ParsedValue

    /// The comparison, after checking the operator and the content of the value.
    func checked() throws(FilterError) -> Comparison {
        let rule = key.rule
        let isList = if case .list = value { true } else { false }
        guard let known = Operator(rawValue: spelling), rule.operators.contains(known) else {
            let rejection = (isList ? rule.listOperatorError : nil) ?? rule.operatorError
            throw rejection.error([
                "entity": key.entity.rawValue, "entityName": key.entityName, "key": key.key, "operator": spelling,
                "operators": PythonRepr.set((rule.listedOperators ?? rule.operators).spellings),
            ])
        }
        guard isList == OperatorSet.membership.contains(known) else {
            throw (rule.listOperatorError ?? .listComparator).error(["operator": spelling])
        }
        let conversion = rule.orderingValue(for: spelling)?.conversion ?? rule.conversion
        return Comparison(key.entity, key.key, known, try conversion.literal(of: value, for: key))
    }
}

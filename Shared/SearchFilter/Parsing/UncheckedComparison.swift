/// A comparison whose key is known and whose value has an accepted form.
struct UncheckedComparison {
    let key: ResolvedKey
    /// The operator as written; in capitals where case doesn't matter.
    let spelling: String
    let value: ParsedValue

    /// The comparison, if its operator is allowed and its value is what the key holds.
    func checked() throws(FilterError) -> Comparison {
        let rule = key.rule
        let isList = if case .list = value { true } else { false }
        guard let known = Operator(rawValue: spelling), rule.operators.contains(known) else {
            let refusal = (isList ? rule.listOperatorError : nil) ?? rule.operatorError
            throw refusal.error([
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

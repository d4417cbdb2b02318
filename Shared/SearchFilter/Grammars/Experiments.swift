extension Grammar {
    /// Experiments: attributes and tags. Operators such as `LIKE` must be uppercase, as in MLflow.
    package static let experiments = Grammar(
        syntax: SyntaxRules(unknownEntity: .entityOfThree),
        entities: [
            EntityRule(
                entity: .attribute, names: ["attribute"],
                keys: [
                    KeyRule("name", experimentName),
                    KeyRule("experiment_id", experimentID.orList),
                    KeyRule("creation_time", experimentTime),
                    KeyRule("last_update_time", experimentTime),
                ],
                ignoresOperatorCase: false,
                nullTestError: "IS NULL / IS NOT NULL is only supported for tags, not for attribute '{key}'"),
            EntityRule(
                entity: .tag, names: ["tag", "tags"],
                otherKeys: .text([.matching, .nullTests], else: .tagComparator), ignoresOperatorCase: false),
        ],
        ordering: OrderingRules(
            keys: OrderingRules.attributes("name", "experiment_id", "creation_time", "last_update_time"),
            rejectsDuplicates: false))

    private static let experimentName: ValueRule = {
        var rule =
            ValueRule
            .text(.matching, else: .comparator, expected: ValueRule.textAttribute)
            .rejectingLists("Only ['experiment_id'] attributes support comparison with a list of quoted string values.")
        rule.listedOperators = [.matching, .membership]
        return rule
    }()

    private static let experimentID = ValueRule(
        operators: [OperatorSet(.equal, .notEqual), .membership],
        operatorError: "Invalid comparator for experiment_id: {operator}",
        forms: .text, valueError: ValueRule.textAttribute,
        conversion: .integerText("Invalid experiment ID '{text}'. Experiment ID must be a valid integer."))

    private static let experimentTime = ValueRule(
        operators: .ordering, operatorError: .comparatorUnclosed, listedOperators: [.matching, .membership],
        forms: .number, valueError: ValueRule.numericAttribute, conversion: .integer(.attributeNumberQuoted))
}

extension Grammar {
    /// Evaluation datasets: attributes without a prefix, and tags. Operators such as `LIKE` must be uppercase, as in MLflow.
    package static let evaluationDatasets = Grammar(
        syntax: SyntaxRules(unknownEntity: "Invalid identifier token '{name}' specified"),
        entities: [
            EntityRule(
                entity: .attribute, names: [],
                keys: [
                    KeyRule("name", datasetName.orList),
                    KeyRule("created_by", datasetText),
                    KeyRule("last_updated_by", datasetText),
                    KeyRule("created_time", datasetTime),
                    KeyRule("last_update_time", datasetTime),
                ],
                unknownKey: datasetKey, allowsQuotedKeys: false, ignoresOperatorCase: false,
                nullTestError: """
                    IS NULL / IS NOT NULL is only supported for tags and params, not for '{entity}' '{key}'
                    """),
            EntityRule(
                entity: .tag, names: ["tags"],
                otherKeys: .text(.matching, else: .tagComparator), ignoresOperatorCase: false),
        ],
        ordering: OrderingRules(
            keys: OrderingRules.attributes("name", "created_time", "last_update_time"),
            unknownKey: datasetKey, allowsQuotedKeys: false, rejectsDuplicates: false))

    private static let datasetKey: MessageTemplate = "Invalid attribute key '{key}' specified. Valid keys are: {keys}"

    private static let datasetText =
        ValueRule
        .text([.matching, .ordering], else: .textComparator, expected: ValueRule.textAttribute)
        .rejectingLists("Only ['name'] attributes support comparison with a list of quoted string values.")

    private static let datasetName: ValueRule = {
        var rule = ValueRule.text(
            [datasetText.operators, OperatorSet(.in)], else: .textComparator, expected: ValueRule.textAttribute)
        rule.listOperatorError = "List values for 'name' are only supported with the IN comparator."
        return rule
    }()

    private static let datasetTime = ValueRule(
        operators: .ordering, operatorError: .numberComparator,
        forms: .number, valueError: ValueRule.numericAttribute, conversion: .integer(.attributeNumberQuoted))
}

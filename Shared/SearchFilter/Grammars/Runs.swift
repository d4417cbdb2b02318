extension Grammar {
    /// Runs: attributes, metrics, parameters, tags and input datasets.
    package static let runs = Grammar(
        syntax: SyntaxRules(
            invalidClauses: "Invalid clause(s) in filter string: {clausesQuoted}",
            unknownEntity: """
                Invalid entity type '{name}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']
                """,
            allowsQuotedEntities: true),
        entities: [
            EntityRule(
                entity: .attribute, names: ["attribute", "attributes", "attr", "run"],
                keys: [
                    KeyRule("run_id", runText.orList),
                    KeyRule("run_name", runText),
                    KeyRule("run name", runText, meaning: .attribute, "run_name"),
                    KeyRule("Run name", runText, meaning: .attribute, "run_name"),
                    KeyRule("Run Name", runText, meaning: .attribute, "run_name"),
                    KeyRule("status", runText),
                    KeyRule("user_id", runText),
                    KeyRule("artifact_uri", runText),
                    KeyRule("start_time", runTime),
                    KeyRule("created", runTime, meaning: .attribute, "start_time"),
                    KeyRule("Created", runTime, meaning: .attribute, "start_time"),
                    KeyRule("end_time", runTime),
                ],
                nullTestError: runNull),
            EntityRule(
                entity: .metric, names: ["metric", "metrics"],
                otherKeys: ValueRule(
                    operators: .ordering, operatorError: .comparatorUnclosed,
                    forms: .number, valueError: "Expected numeric value type for metric. Found {value}",
                    conversion: .real(.attributeNumber)),
                nullTestError: runNull),
            EntityRule(
                entity: .parameter, names: ["parameter", "parameters", "param", "params"],
                otherKeys: .text([.matching, .nullTests], else: .comparator)),
            EntityRule(
                entity: .tag, names: ["tag", "tags"],
                otherKeys: .text([.matching, .nullTests], else: .comparatorUnclosed)),
            EntityRule(
                entity: .dataset, names: ["dataset", "datasets"],
                keys: ["name", "digest", "context"].map { KeyRule($0, runDataset.orList) },
                unknownKey: "Invalid dataset key '{key}' specified. Valid keys are '{keys}'",
                nullTestError: runNull),
        ],
        ordering: OrderingRules(
            keys: OrderingRules.attributes(
                "run_id", "run_name", "status", "user_id", "artifact_uri", "start_time", "end_time")
                + [("created", (.attribute, "start_time")), ("Created", (.attribute, "start_time"))],
            entities: [.metric, .parameter, .tag],
            entityError: "Invalid identifier type '{entity}'"))

    private static let runNull: MessageTemplate =
        "IS NULL / IS NOT NULL is only supported for tags and params, not for '{entity}' '{key}'"

    private static let runText =
        ValueRule
        .text([.matching, .membership], else: .comparator, expected: ValueRule.textAttribute)
        .rejectingLists("Only ['run_id'] attributes support comparison with a list of quoted string values.")

    private static let runDataset = ValueRule.text(
        [.matching, .membership], else: .comparatorUnclosed,
        expected: "Expected a quoted string value for dataset attributes. Got value {value}")

    private static let runTime = ValueRule(
        operators: .ordering, operatorError: .comparatorUnclosed, listedOperators: [.matching, .membership],
        forms: .number, valueError: ValueRule.numericAttribute, conversion: .number(.attributeNumber))
}

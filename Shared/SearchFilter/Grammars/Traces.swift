extension Grammar {
    /// Traces: attributes, tags, metadata, spans, assessments (feedback and expectations) and issues. Some attributes are aliases of a
    /// tag, of metadata or of the content of spans.
    package static let traces = Grammar(
        syntax: SyntaxRules(
            invalidClauses: "Invalid clause(s) in filter string: {clausesQuoted}",
            unknownEntity: """
                Invalid entity type '{name}'. Valid values are {'attribute', 'attributes', 'expectation', 'feedback', \
                'issue', 'metadata', 'request_metadata', 'span', 'tag', 'tags', 'trace'}
                """,
            allowsQuotedEntities: true, typeKeys: ["timestamp"]),
        entities: [
            EntityRule(
                entity: .attribute, names: ["attribute", "attributes", "trace"],
                keys: [
                    KeyRule("request_id", traceText.orList),
                    KeyRule("client_request_id", traceText.orList),
                    KeyRule("status", traceText.orList),
                    KeyRule("timestamp_ms", traceTime),
                    KeyRule("timestamp", traceTime, meaning: .attribute, "timestamp_ms"),
                    KeyRule("execution_time_ms", traceTime),
                    KeyRule("execution_time", traceTime, meaning: .attribute, "execution_time_ms"),
                    KeyRule("end_time_ms", traceTime),
                    KeyRule("end_time", traceTime, meaning: .attribute, "end_time_ms"),
                    KeyRule(
                        "name", attribute(traceTexts, else: .comparatorUnclosed).orList,
                        meaning: .tag, "mlflow.traceName"),
                    KeyRule(
                        "prompt", attribute(OperatorSet(.equal), else: tracePrompt),
                        meaning: .tag, "mlflow.linkedPrompts"),
                    KeyRule(
                        "run_id", attribute(traceTexts, else: .comparator).orList,
                        meaning: .metadata, "mlflow.sourceRun"),
                    KeyRule(
                        "text", attribute(OperatorSet(.like, .ilike), else: spanComparator),
                        meaning: .span, "content"),
                ]),
            EntityRule(
                entity: .tag, names: ["tag", "tags"],
                keys: [KeyRule("mlflow.linkedPrompts", .text(OperatorSet(.equal), else: tracePrompt))],
                otherKeys: .text(traceTexts, else: .comparatorUnclosed).orList),
            EntityRule(
                entity: .metadata, names: ["metadata", "request_metadata"],
                otherKeys: .text(traceTexts, else: .comparator)),
            EntityRule(
                entity: .span, names: ["span"],
                keys: ["name", "type", "status"].map { KeyRule($0, spanText.orList) } + [
                    KeyRule("content", .text(OperatorSet(.like, .ilike), else: spanComparator).orList)
                ],
                otherKeys: spanText.orList, otherKeysPrefix: "attributes.",
                emptyKeyError: "Span attribute name cannot be empty after 'attributes.'",
                unknownKey: """
                    Invalid span attribute '{key}'. Supported attributes: name, status, type, \
                    attributes.<attribute_name>.
                    """,
                ignoresOperatorCase: false),
            assessments(.feedback, "feedback"),
            assessments(.expectation, "expectation"),
            EntityRule(
                entity: .issue, names: ["issue"],
                keys: [
                    KeyRule(
                        "id",
                        .text(
                            OperatorSet(.equal), else: "issue.{key} comparator '{operator}' not one of '{operators}'"))
                ],
                unknownKey: "Invalid issue attribute '{key}'. Supported attributes: id"),
        ],
        ordering: OrderingRules(
            keys: OrderingRules.attributes(
                "experiment_id", "request_id", "status", "timestamp_ms", "execution_time_ms", "end_time_ms") + [
                    ("timestamp", (.attribute, "timestamp_ms")),
                    ("execution_time", (.attribute, "execution_time_ms")),
                    ("end_time", (.attribute, "end_time_ms")),
                    ("name", (.tag, "mlflow.traceName")),
                    ("run_id", (.metadata, "mlflow.sourceRun")),
                ],
            entities: [.tag, .metadata],
            entityError: "Invalid identifier type '{entity}'"))

    private static let traceTexts: OperatorSet = [.matching, .nullTests, OperatorSet(.rlike)]
    private static let attributeTexts: OperatorSet = [.matching, .membership, OperatorSet(.rlike)]

    /// A rule for a string attribute.
    private static func attribute(_ operators: OperatorSet, else operatorError: MessageTemplate) -> ValueRule {
        var rule =
            ValueRule
            .text(operators, else: operatorError, expected: ValueRule.textOrListAttribute).rejectingLists(traceList)
        rule.numberError = """
            Only the '{'end_time', 'end_time_ms', 'execution_time', 'execution_time_ms', 'timestamp', 'timestamp_ms'}' \
            attributes support comparison with numeric values.
            """
        return rule
    }

    private static let traceText = attribute(attributeTexts, else: .comparator)

    private static let traceTime = ValueRule(
        operators: .ordering, operatorError: .comparatorUnclosed, listedOperators: attributeTexts,
        forms: [.text, .number], valueError: ValueRule.textOrListAttribute, listError: traceList,
        conversion: .number(.attributeNumber))

    private static let traceList: MessageTemplate = """
        Only attributes in {'client_request_id', 'name', 'request_id', 'run_id', 'status'} supports comparison with a \
        list of quoted string values.
        """

    private static let tracePrompt: MessageTemplate = """
        Invalid comparator '{operator}' for prompts filter. Only '=' is supported with format: prompt = "name/version"
        """

    private static let spanText = ValueRule.text(attributeTexts, else: spanComparator)
    private static let spanComparator: MessageTemplate = "span.{key} comparator '{operator}' not one of '{operators}'"

    private static func assessments(_ entity: Entity, _ name: String) -> EntityRule {
        var rule = ValueRule.text(
            [traceTexts, .ordering], else: "assessment.{key} comparator '{operator}' not one of '{operators}'")
        rule.ordering = ValueRule.OrderingValue(
            forms: .number,
            valueError: """
                Expected a numeric value for {entity} when using comparator '{operator}'. Got value {value}
                """,
            conversion: .number(.attributeNumber))
        return EntityRule(
            entity: entity, names: [name], otherKeys: rule,
            emptyKeyError: "Assessment field name cannot be empty")
    }
}

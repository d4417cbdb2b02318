extension Grammar {
    /// Logged models: attributes, metrics, params and tags, each with only this name. MLflow parses these filters by separate rules: keys
    /// need no backquotes, and values no quotes. For the order, see ``order(byField:ascending:)``.
    package static let loggedModels = Grammar(
        syntax: SyntaxRules(
            unparsable: "Invalid filter string: {filter!r}. It is too long or nested too deeply.",
            empty: "Invalid filter string: {filter!r}. Expected a single SQL expression.",
            multipleStatements: "Invalid filter string: {filter!r}. Expected a single SQL expression.",
            invalidClauses: """
                Invalid filter string: {filter!r}. Expected a list of comparisons separated by 'AND' \
                (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01').
                """,
            unknownEntity: """
                Invalid entity type: '{name}'. Expected one of ['attributes', 'metrics', 'params', 'tags'].
                """,
            keysAreFreeText: true),
        entities: [
            EntityRule(
                entity: .attribute, names: ["attributes"],
                keys: [
                    KeyRule("name", loggedText),
                    KeyRule("model_id", loggedText),
                    KeyRule("model_type", loggedText),
                    KeyRule("status", loggedText),
                    KeyRule("status_message", loggedText),
                    KeyRule("source_run_id", loggedText),
                    KeyRule("experiment_id", loggedText),
                    KeyRule("artifact_location", loggedText),
                    KeyRule("lifecycle_stage", loggedText),
                    KeyRule("creation_timestamp_ms", loggedTime),
                    KeyRule("creation_timestamp", loggedTime, meaning: .attribute, "creation_timestamp_ms"),
                    KeyRule("creation_time", loggedTime, meaning: .attribute, "creation_timestamp_ms"),
                    KeyRule("last_updated_timestamp_ms", loggedTime),
                    KeyRule("last_updated_timestamp", loggedTime, meaning: .attribute, "last_updated_timestamp_ms"),
                ],
                nullTestError: loggedNull),
            EntityRule(entity: .metric, names: ["metrics"], otherKeys: loggedMetric, nullTestError: loggedNull),
            EntityRule(entity: .parameter, names: ["params"], otherKeys: loggedText, nullTestError: loggedNull),
            EntityRule(entity: .tag, names: ["tags"], otherKeys: loggedText, nullTestError: loggedNull),
        ],
        ordering: OrderingRules(
            keys: OrderingRules.attributes(
                "name", "model_id", "model_type", "status", "status_message", "source_run_id", "experiment_id",
                "artifact_location", "lifecycle_stage", "creation_timestamp_ms", "last_updated_timestamp_ms") + [
                    ("creation_timestamp", (.attribute, "creation_timestamp_ms")),
                    ("creation_time", (.attribute, "creation_timestamp_ms")),
                    ("last_updated_timestamp", (.attribute, "last_updated_timestamp_ms")),
                ],
            entities: [.metric],
            unknownKey: "Invalid order by field name: {key}",
            entityError: "Invalid order by field name: {key}. Only metrics are supported."))

    private static let loggedNull: MessageTemplate = "Invalid comparison: {comparison}. Expected a comparison with 3 tokens."

    private static let loggedText = ValueRule(
        operators: [.matching, .membership],
        operatorError: """
            Invalid comparison operator for {entityName}.{key}: '{operator}'. \
            Expected one of ('=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN').
            """,
        forms: [.text, .list, .bare], valueError: ValueRule.textAttribute)

    private static let loggedMetric = ValueRule(
        operators: .ordering, operatorError: loggedNumberComparator,
        forms: [.number, .bare], valueError: loggedNumber, conversion: .real(loggedNumber))

    private static let loggedTime = ValueRule(
        operators: .ordering, operatorError: loggedNumberComparator,
        forms: [.number, .bare], valueError: loggedNumber, conversion: .number(loggedNumber))

    private static let loggedNumberComparator: MessageTemplate = """
        Invalid comparison operator for {entityName}.{key}: '{operator}'. \
        Expected one of ('<', '<=', '>', '>=', '=', '!=').
        """

    private static let loggedNumber: MessageTemplate = "Expected numeric value type for '{key}'. Found {text}"
}

extension Grammar {
    /// Registered models, including prompts: the name and tags.
    package static let registeredModels = Grammar(
        syntax: SyntaxRules(unknownEntity: .entityOfThree),
        entities: [
            EntityRule(
                entity: .attribute, names: ["attribute"], keys: [KeyRule("name", registryText.orList)],
                allowsQuotedKeys: false),
            EntityRule(entity: .tag, names: ["tag", "tags"], otherKeys: .text(.matching, else: .tagComparator)),
        ],
        ordering: OrderingRules(
            keys: OrderingRules.attributes("name", "last_updated_timestamp")
                + [("timestamp", (.attribute, "last_updated_timestamp"))],
            unknownKey: "Invalid order by key '{key}' specified. Valid keys are '{'name', 'timestamp'}'",
            namesEntities: false))

    /// Model versions: the name of their model, number, run, source and tags.
    package static let modelVersions = Grammar(
        syntax: SyntaxRules(unknownEntity: .entityOfThree),
        entities: [
            EntityRule(
                entity: .attribute, names: ["attribute"],
                keys: [
                    KeyRule("name", versionText.orList),
                    KeyRule("run_id", versionText.orList),
                    KeyRule("source_path", versionText),
                    KeyRule("version_number", versionNumber),
                ],
                allowsQuotedKeys: false),
            EntityRule(entity: .tag, names: ["tag", "tags"], otherKeys: .text(.matching, else: .tagComparator)),
        ],
        ordering: OrderingRules(
            keys: OrderingRules.attributes("name", "version_number", "creation_timestamp", "last_updated_timestamp"),
            entityError: """
                Invalid order by key '{key}' specified. Valid keys are \
                {'creation_timestamp', 'last_updated_timestamp', 'name', 'version_number'}
                """))

    private static let registryText = ValueRule.text(
        [.matching, .membership], else: .attributeComparator, expected: ValueRule.textOrListAttribute)

    private static let versionText: ValueRule = {
        var rule = registryText.rejectingLists(versionList)
        rule.numberError = """
            Only the '{'creation_timestamp', 'last_updated_timestamp', 'version_number'}' attributes support \
            comparison with numeric values.
            """
        return rule
    }()

    private static let versionNumber = ValueRule(
        operators: .ordering, operatorError: "Invalid comparator for attribute {key}: {operator}",
        forms: [.text, .number], valueError: ValueRule.textOrListAttribute, listError: versionList,
        conversion: .integer(.attributeNumber))

    private static let versionList: MessageTemplate =
        "Only ['name', 'run_id'] attributes support comparison with a list of quoted string values."
}

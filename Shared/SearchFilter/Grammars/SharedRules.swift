/// The rules that several grammars share.
extension ValueRule {
    /// A rule for quoted strings.
    static func text(
        _ operators: OperatorSet, else operatorError: MessageTemplate,
        expected: MessageTemplate = "Expected a quoted string value for {entity} (e.g. 'my-value'). Got value {value}"
    ) -> ValueRule {
        ValueRule(operators: operators, operatorError: operatorError, forms: .text, valueError: expected)
    }

    /// The same rule for strings and lists of strings.
    var orList: ValueRule {
        var rule = self
        rule.forms.insert(.list)
        return rule
    }

    /// The same rule with another error for lists.
    func rejectingLists(_ message: MessageTemplate) -> ValueRule {
        var rule = self
        rule.listError = message
        return rule
    }

    static let numericAttribute: MessageTemplate = "Expected numeric value type for numeric attribute: {key}. Found {value}"
    static let textAttribute: MessageTemplate = "Expected a quoted string value for attributes. Got value {value}"
    static let textOrListAttribute: MessageTemplate =
        "Expected a quoted string value or a list of quoted string values for attributes. Got value {value}"
}

extension MessageTemplate {
    static let comparator: MessageTemplate = "Invalid comparator '{operator}' not one of '{operators}'"
    /// The same without the closing quote, which some of MLflow's messages omit.
    static let comparatorUnclosed: MessageTemplate = "Invalid comparator '{operator}' not one of '{operators}"
    static let attributeComparator: MessageTemplate = "Invalid comparator for attribute: {operator}"
    static let tagComparator: MessageTemplate = "Invalid comparator for tag: {operator}"
    static let textComparator: MessageTemplate = "Invalid comparator for string attribute: {operator}"
    static let numberComparator: MessageTemplate = "Invalid comparator for numeric attribute: {operator}"
    static let listComparator: MessageTemplate = "A list of values can be compared only with IN and NOT IN, not with {operator}"
    static let attributeNumber: MessageTemplate = "Invalid value for numeric attribute '{key}': {literal}"
    /// The same with the number in quotes.
    static let attributeNumberQuoted: MessageTemplate = "Invalid value for numeric attribute '{key}': '{literal}'"
    static let entityOfThree: MessageTemplate =
        "Invalid entity type '{name}'. Valid entity types are ('attribute', 'tag', 'tags')"
}

extension OrderingRules {
    /// Attributes that aren't aliases.
    static func attributes(_ names: String...) -> [Key] { names.map { ($0, (.attribute, $0)) } }
}

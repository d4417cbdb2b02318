/// The rules that several grammars share.
extension ValueRule {
    /// A text in quotes.
    static func text(
        _ operators: OperatorSet, else refusesOperator: Message,
        expected: Message = "Expected a quoted string value for {entity} (e.g. 'my-value'). Got value {value}"
    ) -> ValueRule {
        ValueRule(operators: operators, refusesOperator: refusesOperator, forms: .text, refusesValue: expected)
    }

    /// The same rule, for texts and lists of texts.
    var orList: ValueRule {
        var rule = self
        rule.forms.insert(.list)
        return rule
    }

    /// The same rule with another error for lists.
    func refusingLists(_ message: Message) -> ValueRule {
        var rule = self
        rule.refusesList = message
        return rule
    }

    static let numericAttribute: Message = "Expected numeric value type for numeric attribute: {key}. Found {value}"
    static let textAttribute: Message = "Expected a quoted string value for attributes. Got value {value}"
    static let textOrListAttribute: Message =
        "Expected a quoted string value or a list of quoted string values for attributes. Got value {value}"
}

extension Message {
    static let comparator: Message = "Invalid comparator '{operator}' not one of '{operators}'"
    /// The same without the last quote, which MLflow forgets in places.
    static let comparatorUnclosed: Message = "Invalid comparator '{operator}' not one of '{operators}"
    static let attributeComparator: Message = "Invalid comparator for attribute: {operator}"
    static let tagComparator: Message = "Invalid comparator for tag: {operator}"
    static let textComparator: Message = "Invalid comparator for string attribute: {operator}"
    static let numberComparator: Message = "Invalid comparator for numeric attribute: {operator}"
    static let listComparator: Message = "A list of values can be compared with IN and NOT IN only, not with {operator}"
    static let attributeNumber: Message = "Invalid value for numeric attribute '{key}': {literal}"
    /// The same with a number in quotes.
    static let attributeNumberQuoted: Message = "Invalid value for numeric attribute '{key}': '{literal}'"
    static let entityOfThree: Message =
        "Invalid entity type '{name}'. Valid entity types are ('attribute', 'tag', 'tags')"
}

extension OrderingRules {
    /// Sorting by attributes that mean what they say.
    static func attributes(_ names: String...) -> [Key] { names.map { ($0, (.attribute, $0)) } }
}

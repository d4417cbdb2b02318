/// The operators and values that a key can be compared with.
struct ValueRule: Sendable {
    let operators: OperatorSet
    /// Raised for any other operator.
    let operatorError: MessageTemplate
    /// The operators that `operatorError` lists as `{operators}`, if not those that are allowed.
    var listedOperators: OperatorSet?

    /// The forms of values that are accepted.
    var forms: ValueForms
    /// Raised for a value of any other form.
    let valueError: MessageTemplate
    /// Raised instead of `valueError` for a list, or for a number.
    var listError: MessageTemplate?
    var numberError: MessageTemplate?
    /// Raised for a list with an operator other than those that take one.
    var listOperatorError: MessageTemplate?

    /// What the value becomes.
    var conversion: Conversion = .text

    /// What applies with `<`, `<=`, `>` and `>=`, if that differs.
    var ordering: OrderingValue?

    struct OrderingValue: Sendable {
        let forms: ValueForms
        let valueError: MessageTemplate
        let conversion: Conversion
    }
}

/// A set of forms that a value can be written in.
struct ValueForms: OptionSet, Sendable {
    let rawValue: UInt8

    static let text = ValueForms(rawValue: 1)
    static let number = ValueForms(rawValue: 2)
    static let list = ValueForms(rawValue: 4)
    /// Anything, as the text that it is.
    static let bare = ValueForms(rawValue: 8)
}

/// What a written value becomes. The messages are raised for values that don't fit, which they show as written
/// (`{text}`) or as Python prints them (`{literal}`).
enum Conversion: Sendable {
    case text
    /// A number with fraction, always.
    case real(MessageTemplate)
    /// A whole number if it's written as one, else a number with fraction.
    case number(MessageTemplate)
    /// A whole number, which may be written as text.
    case integer(MessageTemplate)
    /// A text that holds a whole number, in its shortest form.
    case integerText(MessageTemplate)
}

/// A set of operators; written as a literal, a union: `[.matching, .membership]`.
struct OperatorSet: OptionSet, Sendable {
    let rawValue: UInt16

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init(_ operators: Operator...) {
        self.init(rawValue: operators.reduce(0) { $0 | Self.bit($1) })
    }

    static let ordering = OperatorSet(.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual)
    static let matching = OperatorSet(.equal, .notEqual, .like, .ilike)
    static let membership = OperatorSet(.in, .notIn)
    static let nullness = OperatorSet(.isNull, .isNotNull)

    func contains(_ operator: Operator) -> Bool { rawValue & Self.bit(`operator`) != 0 }

    /// How the operators are spelled in filters.
    var spellings: [String] { Operator.allCases.filter(contains).map(\.rawValue) }

    private static func bit(_ operator: Operator) -> UInt16 {
        Operator.allCases.firstIndex(of: `operator`).map { 1 << UInt16(truncatingIfNeeded: $0) } ?? 0
    }
}

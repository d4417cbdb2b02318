/// The operators and values that a key accepts.
struct ValueRule: Sendable {
    let operators: OperatorSet
    /// Thrown for any other operator.
    let operatorError: MessageTemplate
    /// The operators that `operatorError` lists as `{operators}`, if they differ from the accepted ones.
    var listedOperators: OperatorSet?

    /// The accepted forms of values.
    var forms: ValueForms
    /// Thrown for a value of any other form.
    let valueError: MessageTemplate
    /// Thrown instead of `valueError` for a list.
    var listError: MessageTemplate?
    /// Thrown instead of `valueError` for a number.
    var numberError: MessageTemplate?
    /// Thrown for a list with an operator that doesn't accept lists.
    var listOperatorError: MessageTemplate?

    /// The conversion of the value.
    var conversion: Conversion = .text

    /// The rules for `<`, `<=`, `>` and `>=`, if they differ.
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
    /// Anything else, as unquoted text.
    static let bare = ValueForms(rawValue: 8)
}

/// The conversion of a written value. The message is thrown for invalid values, which it quotes as written (`{text}`) or as Python prints
/// them (`{literal}`).
enum Conversion: Sendable {
    /// A string.
    case text
    /// Always a floating-point number.
    case real(MessageTemplate)
    /// An integer if it is written as one, otherwise a floating-point number.
    case number(MessageTemplate)
    /// An integer, which may be written as a string.
    case integer(MessageTemplate)
    /// A string with an integer in its shortest form.
    case integerText(MessageTemplate)
}

/// A set of operators. A literal is a union: `[.matching, .membership]`.
struct OperatorSet: OptionSet, Sendable {
    let rawValue: UInt16

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init(_ operators: Operator...) {
        self.init(rawValue: operators.reduce(0) { $0 | Self.bit($1) })
    }

    static let ordering = OperatorSet(.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual)
    static let matching = OperatorSet(.equal, .notEqual, .like, .ilike)
    static let membership = OperatorSet(.in, .notIn)
    static let nullTests = OperatorSet(.isNull, .isNotNull)

    func contains(_ operator: Operator) -> Bool { rawValue & Self.bit(`operator`) != 0 }

    /// The spellings of the operators in filters.
    var spellings: [String] { Operator.allCases.filter(contains).map(\.rawValue) }

    private static func bit(_ operator: Operator) -> UInt16 {
        Operator.allCases.firstIndex(of: `operator`).map { 1 << UInt16(truncatingIfNeeded: $0) } ?? 0
    }
}

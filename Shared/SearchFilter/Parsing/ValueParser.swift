internal import JSON

/// A value as written, before it is checked against its key's rule.
enum ParsedValue {
    case text(String)
    /// The digits of a number.
    case integer(String)
    case float(String)
    case list([String])
    case none
}

/// Parses the value of a comparison.
struct ValueParser {
    let source: Source
    let key: ResolvedKey
    /// The operator as written.
    let `operator`: String

    /// Parses a node, or throws if the key's rule doesn't accept its form.
    func value(of node: SyntaxNode) throws(FilterError) -> ParsedValue {
        let rule = key.rule
        let ordering = rule.orderingValue(for: `operator`)
        let forms = ordering?.forms ?? rule.forms
        let text = source.text(node.span)
        var rejection = ordering?.valueError ?? rule.valueError
        switch node.kind {
        case .text where forms.contains(.text), .identifier where forms.contains(.text):
            return .text(try quotedText(text, orBare: forms.contains(.bare)))
        case .integer where forms.contains(.number):
            return .integer(text)
        case .float where forms.contains(.number):
            return .float(text)
        case .parenthesis where forms.contains(.list):
            return .list(try ListLiteralParser.strings(in: source, node.span))
        case .parenthesis:
            rejection = rule.listError ?? rejection
        case .integer, .float:
            rejection = rule.numberError ?? rejection
        default:
            break
        }
        guard forms.contains(.bare) else {
            throw rejection.error([
                "entity": key.writtenEntity.rawValue, "key": key.name, "operator": `operator`, "value": text,
            ])
        }
        return .text(text)
    }

    private func quotedText(_ text: String, orBare: Bool) throws(FilterError) -> String {
        let unquoted = text.unquoted("'", "\"")
        guard orBare || unquoted.utf8.count < text.utf8.count else {
            throw FilterError(
                """
                Parameter value is either not quoted or unidentified quote types used for string value \(text). \
                Use either single or double quotes.
                """)
        }
        return unquoted
    }
}

extension ValueRule {
    func orderingValue(for spelling: String) -> OrderingValue? {
        ["<", "<=", ">", ">="].contains(spelling) ? ordering : nil
    }
}

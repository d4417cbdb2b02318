extension Comparison: CustomStringConvertible {
    /// The comparison as a filter.
    package var description: String { [self].filterText }
}

extension [Comparison] {
    /// A filter with these comparisons. The grammar that parsed them parses it back to equal comparisons.
    package var filterText: String {
        // The second is needed only if a string ends with a backslash, see below. The third is never needed for comparisons that
        // were parsed from a filter.
        var (first, second, other) = (FilterPrinter("'"), FilterPrinter("\""), FilterPrinter(nil))
        return first.text(of: self) ?? second.text(of: self) ?? other.text(of: self) ?? ""
    }
}

extension OrderBy: CustomStringConvertible {
    /// The key and direction as an order-by clause.
    package var description: String {
        let key = FilterPrinter(nil).key(entity, key)
        return ascending ? key : "\(key) DESC"
    }
}

/// Prints comparisons as a filter. Filters have no escape sequences, so the printer must find suitable quotes for each key and value.
///
/// A quoted string that ends with a backslash is parsed correctly only if the same quote doesn't follow anywhere. So after such a string,
/// the printer stops using that quote. The caller chooses which of the two quotes to abandon first.
private struct FilterPrinter {
    /// The quote to abandon for the first string that ends with a backslash; `nil` disables the check.
    private let firstToAbandon: Unicode.Scalar?
    private var abandonedQuotes: [Unicode.Scalar] = []

    init(_ firstToAbandon: Unicode.Scalar?) { self.firstToAbandon = firstToAbandon }

    mutating func text(of comparisons: [Comparison]) -> String? {
        var parts: [String] = []
        for comparison in comparisons {
            let unusable = abandonedQuotes
            guard let part = text(of: comparison), !part.unicodeScalars.contains(where: unusable.contains) else {
                return nil
            }
            parts.append(part)
        }
        return parts.joined(separator: " AND ")
    }

    private mutating func text(of comparison: Comparison) -> String? {
        let start = "\(key(comparison.entity, comparison.key)) \(comparison.operator.rawValue)"
        switch comparison.literal {
        case .none: return start
        case .integer(let integer): return "\(start) \(integer)"
        case .number(let number): return "\(start) \(Self.text(of: number))"
        case .list(let items): return "\(start) (\(items.map(item).joined(separator: ", ")))"
        case .string(let string): return quoted(string).map { "\(start) \($0)" }
        }
    }

    /// A key in a form that every grammar accepts: attributes without a prefix, others with their entity and a dot.
    func key(_ entity: Entity, _ key: String) -> String {
        let prefix =
            switch entity {
            case .attribute: ""
            case .metric: "metrics."
            case .parameter: "params."
            case .tag: "tags."
            case .dataset: "datasets."
            case .metadata: "metadata."
            case .span, .feedback, .expectation, .issue: "\(entity.rawValue)."
            }
        let forms = [key, "`\(key)`", "\"\(key)\"", "'\(key)'", "'`\(key)`'", "\"`\(key)`\""]
        let readBack = forms.filter { $0.unquotedKey == key }
        for kind in [SyntaxNode.Kind.identifier, .operation] {
            let form = readBack.first { isWhole("x.\($0)", [kind], followedBy: $0.unicodeScalars.last) }
            if let form { return prefix + form }
        }
        return prefix + key
    }

    private mutating func quoted(_ string: String) -> String? {
        let forms: [(quote: Unicode.Scalar, text: String)] = [("'", "'\(string)'"), ("\"", "\"\(string)\"")]
        let kinds = [SyntaxNode.Kind.text, .identifier]
        let usable = forms.filter { !abandonedQuotes.contains($0.quote) }
        if let form = usable.first(where: { isWhole($0.text, kinds, followedBy: $0.quote) }) { return form.text }
        guard let firstToAbandon else { return "'\(string)'" }
        let endings = usable.filter { isWhole($0.text, kinds, followedBy: nil) }
        guard let form = endings.first(where: { $0.quote == firstToAbandon }) ?? endings.first else { return nil }
        abandonedQuotes.append(form.quote)
        return form.text
    }

    /// Whether a filter that contains `text` and, somewhere after it, `quote` is parsed with exactly `text` as a node of these kinds.
    private func isWhole(_ text: String, _ kinds: [SyntaxNode.Kind], followedBy quote: Unicode.Scalar?) -> Bool {
        let behind = quote.map { " " + String(Character($0)) } ?? ""
        let node = try? ClauseParser.clauses(of: Source(text + behind)).first?.node
        return node.map { $0.span == 0..<text.utf8.count && kinds.contains($0.kind) } ?? false
    }

    /// A string of a list. Lists have escape sequences, which replace all special characters.
    private func item(_ string: String) -> String {
        let quote = abandonedQuotes.contains("'") ? "\"" : "'"
        var text = quote
        for scalar in string.unicodeScalars {
            switch scalar {
            case "'", "\"", "\\", "\0"..."\u{1F}":
                text += (scalar.value < 0x10 ? "\\x0" : "\\x") + String(scalar.value, radix: 16)
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        return text + quote
    }

    /// A number without a plus sign, which exponents can't have. Infinity is written as a number that overflows.
    private static func text(of number: Double) -> String {
        guard number.isFinite else { return number < 0 ? "-1e999" : "1e999" }
        return number.description.filter { $0 != "+" }
    }
}

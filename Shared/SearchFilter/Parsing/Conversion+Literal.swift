extension Conversion {
    /// Converts a value to a literal, or throws if it is invalid.
    func literal(of value: ParsedValue, for key: ResolvedKey) throws(FilterError) -> Literal {
        switch (value, self) {
        case (.none, _):
            return .none
        case (.list(let texts), .integerText(let rejection)):
            var items: [String] = []
            for text in texts { items.append(String(try integer(.text(text), key, else: rejection))) }
            return .list(items)
        case (.list(let texts), _):
            return .list(texts)
        case (.text(let text), .text), (.integer(let text), .text), (.float(let text), .text):
            return .string(text)
        case (_, .integerText(let rejection)):
            return .string(String(try integer(value, key, else: rejection)))
        case (_, .integer(let rejection)):
            return .integer(try integer(value, key, else: rejection))
        case (_, .number(let rejection)):
            guard let number = number(value) else { throw rejected(value, key, rejection) }
            return number
        case (_, .real(let rejection)):
            switch number(value) {
            case .integer(let integer): return .number(Double(integer))
            case .number(let number): return .number(number)
            default: throw rejected(value, key, rejection)
            }
        }
    }

    private func integer(
        _ value: ParsedValue, _ key: ResolvedKey, else rejection: MessageTemplate
    ) throws(FilterError) -> Int64 {
        guard case .integer(let integer) = number(value) else { throw rejected(value, key, rejection) }
        return integer
    }

    /// The value as a number: `.integer` if it has no fraction or exponent and fits into 64 bits.
    private func number(_ value: ParsedValue) -> Literal? {
        switch value {
        case .integer(let text), .text(let text):
            if let integer = PythonRepr.integer(text) { return .integer(integer) }
            return Double(text).flatMap { $0.isNaN ? nil : .number($0) }
        case .float(let text):
            return Double(text).map { .number($0) }
        case .list, .none:
            return nil
        }
    }

    private func rejected(_ value: ParsedValue, _ key: ResolvedKey, _ rejection: MessageTemplate) -> FilterError {
        let (text, literal) =
            switch value {
            case .text(let text): (text, PythonRepr.quoted(text))
            case .integer(let digits): (digits, digits)
            case .float(let digits): (digits, Double(digits)?.description ?? digits)
            case .list, .none: ("", "")
            }
        return rejection.error(["key": key.name, "text": text, "literal": literal])
    }
}

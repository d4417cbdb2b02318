/// A set of characters.
struct ScalarSet: Sendable {
    enum Part: Sendable {
        case range(ClosedRange<UInt32>)
        case word, digit, space, notWord, notDigit, notSpace
    }

    var parts: [Part] = []
    var isNegated = false
    var ignoresCase = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var found = has(scalar)
        if !found, ignoresCase {
            let properties = scalar.properties
            found = [properties.lowercaseMapping, properties.uppercaseMapping].contains { text in
                text.unicodeScalars.count == 1 && text.unicodeScalars.contains(where: has)
            }
        }
        return found != isNegated
    }

    private func has(_ scalar: Unicode.Scalar) -> Bool {
        parts.contains { part in
            switch part {
            case .range(let range): range.contains(scalar.value)
            case .word: Self.isWord(scalar)
            case .digit: scalar.properties.generalCategory == .decimalNumber
            case .space: scalar.properties.isWhitespace
            case .notWord: !Self.isWord(scalar)
            case .notDigit: scalar.properties.generalCategory != .decimalNumber
            case .notSpace: !scalar.properties.isWhitespace
            }
        }
    }

    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: !scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        }
    }
}

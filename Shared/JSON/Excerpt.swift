/// How much of a client's text a message quotes.
package enum Excerpt {
    /// Unicode scalars of one quoted value.
    package static let length = 500
    /// Unicode scalars of a whole message; longer than any of MLflow's.
    package static let messageLength = 4_000
}

extension StringProtocol {
    /// The text as a message quotes it: its first Unicode scalars, and an ellipsis if there are more. What follows is never looked at.
    ///
    /// - Parameter limit: the number of Unicode scalars.
    package func excerpt(_ limit: Int = Excerpt.length) -> String {
        // As many bytes have no more characters, and the number of bytes is known without looking at them.
        guard utf8.count > limit else { return String(self) }
        let scalars = unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex), end != scalars.endIndex else {
            return String(self)
        }
        return String(self[..<end]) + "…"
    }
}

extension JSONValue {
    /// The value itself when its text is short, otherwise the beginning of it: with fewer elements and members, and shorter strings.
    ///
    /// - Parameter limit: characters of text, roughly.
    package func excerpt(_ limit: Int = Excerpt.length) -> JSONValue {
        var budget = limit
        return pruned(&budget, isSorted: false)
    }

    /// ``pythonSortedJSON``, cut like ``Swift/StringProtocol/excerpt(_:)``. However large the value is, only as much of it is read
    /// as is shown.
    package func pythonExcerpt(_ limit: Int = Excerpt.length) -> String {
        var budget = limit + 1
        return pruned(&budget, isSorted: true).pythonSortedJSON.excerpt(limit)
    }

    /// The beginning of the value whose text fills the budget.
    ///
    /// - Parameters:
    ///   - budget: characters; what is spent is never more than what the text has.
    ///   - isSorted: whether the text has the members of objects by their names.
    private func pruned(_ budget: inout Int, isSorted: Bool) -> JSONValue {
        switch self {
        case .null, .bool, .integer, .number:
            budget -= 1
            return self
        case .string(let text):
            let cut = Self.cut(text, budget)
            budget -= cut.unicodeScalars.count + 2
            return .string(cut)
        case .array(let values):
            budget -= 1
            var kept: [JSONValue] = []
            for value in values {
                guard budget > 0 else { break }
                kept.append(value.pruned(&budget, isSorted: isSorted))
            }
            // The closing bracket comes after what is in between, and so mustn't count before.
            budget -= 1
            return .array(kept)
        case .object(let object):
            budget -= 1
            // An object with more members than characters is cut before it is sorted.
            let first = object.members.prefix(max(budget, 0)).map { (name: Self.cut($0.name, budget), value: $0.value) }
            var kept: [JSONObject.Member] = []
            for (name, value) in isSorted ? first.sorted(by: { $0.name < $1.name }) : first {
                guard budget > 0 else { break }
                budget -= name.unicodeScalars.count + 3
                kept.append(.init(name: name, value: value.pruned(&budget, isSorted: isSorted)))
            }
            budget -= 1
            return .object(JSONObject(kept))
        }
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(limit, 0))))
    }
}

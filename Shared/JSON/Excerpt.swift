/// The maximum lengths of quoted input in messages.
package enum Excerpt {
    /// The maximum length of one quoted value, in Unicode scalars.
    package static let length = 500
    /// The maximum length of a whole message, in Unicode scalars; longer than any of MLflow's messages.
    package static let messageLength = 4_000
}

extension StringProtocol {
    /// The string truncated for a message: its first Unicode scalars, and an ellipsis if there are more. The rest is never read.
    ///
    /// - Parameter limit: the maximum number of Unicode scalars.
    package func excerpt(_ limit: Int = Excerpt.length) -> String {
        // A string has at most as many scalars as bytes, and its byte count is known without reading it.
        guard utf8.count > limit else { return String(self) }
        let scalars = unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex), end != scalars.endIndex else {
            return String(self)
        }
        return String(self[..<end]) + "…"
    }
}

extension JSONValue {
    /// The value itself if its JSON is short, otherwise the beginning of it: with fewer elements and members, and shorter strings.
    ///
    /// - Parameter limit: the approximate maximum length of the JSON, in characters.
    package func excerpt(_ limit: Int = Excerpt.length) -> JSONValue {
        var budget = limit
        return pruned(&budget, isSorted: false)
    }

    /// ``pythonSortedJSON``, truncated like ``Swift/StringProtocol/excerpt(_:)``. No more of the value is read than the result shows.
    package func pythonExcerpt(_ limit: Int = Excerpt.length) -> String {
        var budget = limit + 1
        return pruned(&budget, isSorted: true).pythonSortedJSON.excerpt(limit)
    }

    /// The beginning of the value, up to the budget.
    ///
    /// - Parameters:
    ///   - budget: the remaining number of characters; reduced by at most the length of the result's JSON.
    ///   - isSorted: whether the members of objects are sorted by name.
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
            // The closing bracket comes last, so it must not reduce the budget of the elements.
            budget -= 1
            return .array(kept)
        case .object(let object):
            budget -= 1
            // Limit the number of members before sorting: an object may have more members than the budget has characters.
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

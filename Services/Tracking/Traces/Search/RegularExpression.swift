internal import Foundation
internal import SearchFilter
internal import WireProtocol

/// A regular expression of a filter, as Python's `re.search` takes it in the main (ICU's syntax, with Python's names of groups).
///
/// There are patterns for which no engine of this kind comes to an end; so all texts together get a bounded time.
final class RegularExpression {
    private static let timeLimit = Duration.seconds(2)
    private static let maximumPatternLength = 1000

    private let pattern: String
    private let expression: NSRegularExpression
    private let end: ContinuousClock.Instant

    /// - Returns: `nil` for what is no pattern, or one too long.
    init?(_ pattern: String) {
        guard pattern.utf8.count <= Self.maximumPatternLength,
            // The empty pattern, which is anywhere, is none for ICU.
            let expression = try? NSRegularExpression(pattern: pattern.isEmpty ? "(?:)" : pattern.replacing("(?P<", with: "(?<"))
        else { return nil }
        self.pattern = pattern
        self.expression = expression
        end = .now + Self.timeLimit
    }

    /// Whether the pattern matches anywhere in a text.
    ///
    /// - Throws: `FilterError` when the time is up.
    func matches(_ text: String) throws -> Bool {
        var found = false
        var isLate = ContinuousClock.now > end
        guard !isLate else { throw late }
        let end = end
        expression.enumerateMatches(in: text, options: .reportProgress, range: NSRange(text.startIndex..., in: text)) { result, _, stop in
            if result != nil { found = true }
            isLate = ContinuousClock.now > end
            if found || isLate { stop.pointee = true }
        }
        if isLate, !found { throw late }
        return found
    }

    private var late: FilterError { FilterError("The regular expression '\(pattern)' takes too long.") }
}

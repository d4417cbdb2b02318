internal import Foundation
internal import SearchFilter
internal import WireProtocol

/// A regular expression of a filter. It behaves mostly as in Python's `re.search`: ICU's syntax, with Python's syntax for named
/// groups.
///
/// Some patterns make a backtracking engine run practically forever, so a time limit applies to all matches together.
final class RegularExpression {
    private static let timeLimit = Duration.seconds(2)
    private static let maximumPatternLength = 1000

    private let pattern: String
    private let expression: NSRegularExpression
    private let end: ContinuousClock.Instant

    /// - Returns: `nil` if the pattern is invalid or too long.
    init?(_ pattern: String) {
        guard pattern.utf8.count <= Self.maximumPatternLength,
            // ICU rejects the empty pattern, which matches anywhere.
            let expression = try? NSRegularExpression(pattern: pattern.isEmpty ? "(?:)" : pattern.replacing("(?P<", with: "(?<"))
        else { return nil }
        self.pattern = pattern
        self.expression = expression
        end = .now + Self.timeLimit
    }

    /// Whether the pattern matches anywhere in a string.
    ///
    /// - Throws: `FilterError` when the time limit is exceeded.
    func matches(_ text: String) throws -> Bool {
        var found = false
        var isLate = ContinuousClock.now > end
        guard !isLate else { throw timeoutError }
        let end = end
        expression.enumerateMatches(in: text, options: .reportProgress, range: NSRange(text.startIndex..., in: text)) { result, _, stop in
            if result != nil { found = true }
            isLate = ContinuousClock.now > end
            if found || isLate { stop.pointee = true }
        }
        if isLate, !found { throw timeoutError }
        return found
    }

    private var timeoutError: FilterError { FilterError("The regular expression '\(pattern)' takes too long to evaluate.") }
}

/// An error message, written as a literal in which every interpolated value is truncated to ``Excerpt/length``:
///
///     let message: ErrorMessage = "There is no route '\(name)'."
///
/// This lets an error quote a client's input without becoming as long as the request.
package struct ErrorMessage: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// The message, at most ``Excerpt/messageLength`` long.
    package let text: String

    /// Creates an error message from existing text.
    package init(_ text: some StringProtocol) { self.text = text.excerpt(Excerpt.messageLength) }

    package init(stringLiteral text: String) { self.text = text }

    package init(stringInterpolation: StringInterpolation) { self.init(stringInterpolation.text) }

    package var description: String { text }

    package static func + (left: ErrorMessage, right: ErrorMessage) -> ErrorMessage { ErrorMessage(left.text + right.text) }

    /// Truncates interpolated values.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ quoted: some StringProtocol) { text += quoted.excerpt() }

        package mutating func appendInterpolation<Value>(_ value: Value) { text += "\(value)".excerpt() }

        /// Appends trusted text, such as a list of allowed values, without truncating it.
        package mutating func appendInterpolation(untruncated ours: String) { text += ours }
    }
}

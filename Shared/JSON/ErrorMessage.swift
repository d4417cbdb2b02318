/// The text of an error, written as a literal in which every quoted value is cut to ``Excerpt/length``:
///
///     let message: ErrorMessage = "There is no route '\(name)'."
///
/// So an error can quote what a client has sent, and never becomes as long as the request.
package struct ErrorMessage: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// The message, itself no longer than ``Excerpt/messageLength``.
    package let text: String

    /// - Parameter text: a message that was made elsewhere.
    package init(_ text: some StringProtocol) { self.text = text.excerpt(Excerpt.messageLength) }

    package init(stringLiteral text: String) { self.text = text }

    package init(stringInterpolation: StringInterpolation) { self.init(stringInterpolation.text) }

    package var description: String { text }

    package static func + (left: ErrorMessage, right: ErrorMessage) -> ErrorMessage { ErrorMessage(left.text + right.text) }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ quoted: some StringProtocol) { text += quoted.excerpt() }

        package mutating func appendInterpolation<Value>(_ value: Value) { text += "\(value)".excerpt() }

        /// Appends a text of ours, such as a list of the values that are allowed, without cutting it.
        package mutating func appendInterpolation(untruncated ours: String) { text += ours }
    }
}

internal import WireProtocol

/// An error of a GraphQL request or of one of its fields. MLflow sends errors as plain strings, without locations and paths.
struct GraphQLError: Error, Hashable, CustomStringConvertible {
    let message: String

    init(_ message: ErrorMessage) {
        self.message = message.text
    }

    /// A syntax error.
    ///
    /// - Parameter position: the location of the error.
    static func syntax(_ reason: ErrorMessage, at position: GraphQLPosition) -> GraphQLError {
        GraphQLError("Syntax Error: " + reason + " (line \(position.line), column \(position.column)).")
    }

    var description: String { message }
}

/// A position in a document, counted from 1; columns are in bytes.
struct GraphQLPosition: Hashable, Sendable {
    var line = 1
    var column = 1
}

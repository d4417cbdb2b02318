internal import WireProtocol

/// A reason why a GraphQL request, or one field of it, has no result. MLflow sends errors as plain strings, without locations and paths.
struct GraphQLError: Error, Hashable, CustomStringConvertible {
    let message: String

    init(_ message: ErrorMessage) {
        self.message = message.text
    }

    /// A document that isn't GraphQL.
    ///
    /// - Parameter position: where it stops being GraphQL.
    static func syntax(_ reason: ErrorMessage, at position: GraphQLPosition) -> GraphQLError {
        GraphQLError("Syntax Error: " + reason + " (line \(position.line), column \(position.column)).")
    }

    var description: String { message }
}

/// A place in a document, counted from 1; columns are bytes.
struct GraphQLPosition: Hashable, Sendable {
    var line = 1
    var column = 1
}

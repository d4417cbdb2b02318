package import JSON
package import WireProtocol

/// An error in the translation of Anthropic's Messages API.
package struct MessagesError: Error, Sendable, Equatable {
    /// The HTTP status.
    package let status: Int
    /// A message for clients.
    package let message: String

    /// An error with a status and a message.
    package init(status: Int, _ message: ErrorMessage) {
        self.status = status
        self.message = message.text
    }

    /// An error for an invalid request, status 400.
    package static func invalid(_ message: ErrorMessage) -> MessagesError { MessagesError(status: 400, message) }
}

extension MessagesError: ServiceErrorConvertible {
    package var serviceError: ServiceError { ServiceError(ErrorCode(httpStatus: status), ErrorMessage(message), status: status) }
}

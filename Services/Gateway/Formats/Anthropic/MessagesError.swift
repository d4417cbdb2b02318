package import JSON

/// An error in the format of Anthropic's API: `{"type": "error", "error": {"type", "message"}}`.
package struct MessagesError: Error, Sendable, Equatable {
    /// The HTTP status.
    package var status: Int
    /// A message for clients.
    package var message: String

    /// An error with a status and a message.
    package init(status: Int, _ message: ErrorMessage) {
        self.status = status
        self.message = message.text
    }

    /// An error for an invalid request, status 400.
    package static func invalid(_ message: ErrorMessage) -> MessagesError { MessagesError(status: 400, message) }

    /// Anthropic's error type for the status.
    package var type: String {
        switch status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 408, 504: "timeout_error"
        case 503, 529: "overloaded_error"
        case 400..<500: "invalid_request_error"
        default: "api_error"
        }
    }

    /// The response body.
    package var body: JSONValue {
        ["type": "error", "error": ["type": .string(type), "message": .string(message)]]
    }
}

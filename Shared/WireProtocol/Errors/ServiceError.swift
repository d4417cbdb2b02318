/// The error type of our services: what went wrong, in words that are safe to show to clients, and a cause that is only logged.
///
/// `ErrorFormat` writes it in the format of the API that the client called.
package struct ServiceError: Error, CustomStringConvertible {
    package var code: ErrorCode
    package let message: String
    /// The invalid field or member of the request.
    package let parameter: String?
    package let details: ErrorDetails
    /// The underlying error; only logged.
    package let cause: (any Error)?
    /// Seconds after which the same request may succeed; sent as `Retry-After`.
    package var retryAfter: Int?
    private let ownStatus: Int?

    /// Truncates a parameter that is too long for an error.
    ///
    /// - Parameter status: the HTTP status, where it differs from the one of the code.
    package init(
        _ code: ErrorCode, _ message: ErrorMessage, status: Int? = nil, parameter: String? = nil, details: ErrorDetails = ErrorDetails(),
        cause: (any Error)? = nil, retryAfter: Int? = nil
    ) {
        self.code = code
        self.message = message.text
        self.parameter = parameter?.excerpt()
        self.details = details
        self.cause = cause
        self.retryAfter = retryAfter
        ownStatus = status
    }

    /// The HTTP status.
    package var status: Int { ownStatus ?? code.httpStatus }

    package var description: String { "\(code.rawValue): \(message)" }

    /// The error for an invalid parameter: status 400.
    package static func invalidParameter(_ message: ErrorMessage, parameter: String? = nil) -> ServiceError {
        ServiceError(.invalidParameterValue, message, parameter: parameter)
    }

    /// The error for a resource that doesn't exist: status 404.
    package static func doesNotExist(_ message: ErrorMessage) -> ServiceError {
        ServiceError(.resourceDoesNotExist, message)
    }

    /// The error for a dependency (database, store, other service) that is temporarily unavailable: status 503.
    package static func unavailable(_ message: ErrorMessage, cause: (any Error)? = nil) -> ServiceError {
        ServiceError(.temporarilyUnavailable, message, cause: cause, retryAfter: 1)
    }

    /// Decodes MLflow's envelope from a response of another service; returns `nil` for any other JSON.
    package init?(envelope: JSONValue) {
        guard let code = envelope["error_code"]?.stringValue else { return nil }
        self.init(ErrorCode(wire: code), ErrorMessage(envelope["message"]?.stringValue ?? ""))
    }
}

/// An error of another module that can be converted to a `ServiceError`.
package protocol ServiceErrorConvertible: Error {
    var serviceError: ServiceError { get }
}

/// The error type of our services: an error code of the API, a message that is safe to show to clients, and a cause that is only logged.
package struct ServiceError: Error, CustomStringConvertible {
    package var code: ErrorCode
    package private(set) var message: String
    package var cause: (any Error)?
    /// Seconds after which the same request may succeed; sent as `Retry-After`.
    package var retryAfter: Int?

    package init(_ code: ErrorCode, _ message: ErrorMessage, cause: (any Error)? = nil, retryAfter: Int? = nil) {
        self.code = code
        self.message = message.text
        self.cause = cause
        self.retryAfter = retryAfter
    }

    package var description: String { "\(code.rawValue): \(message)" }

    /// The error for an invalid parameter: status 400.
    package static func invalidParameter(_ message: ErrorMessage) -> ServiceError {
        ServiceError(.invalidParameterValue, message)
    }

    /// The error for a resource that doesn't exist: status 404.
    package static func doesNotExist(_ message: ErrorMessage) -> ServiceError {
        ServiceError(.resourceDoesNotExist, message)
    }

    /// The error for a dependency (database, store, other service) that is temporarily unavailable: status 503.
    package static func unavailable(_ message: ErrorMessage, cause: (any Error)? = nil) -> ServiceError {
        ServiceError(.temporarilyUnavailable, message, cause: cause, retryAfter: 1)
    }
}

/// An error of a lower module that can be converted to a `ServiceError`.
package protocol ServiceErrorConvertible: Error {
    var serviceError: ServiceError { get }
}

/// MLflow's envelope: `{"error_code": …, "message": …}`.
extension ServiceError: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("error_code", code.rawValue)
            json.field("message", message)
        }
    }

    /// Decodes MLflow's envelope from a response of another service; returns `nil` for any other JSON.
    package init?(envelope: JSONValue) {
        guard let code = envelope["error_code"]?.stringValue else { return nil }
        self.init(ErrorCode(wire: code), ErrorMessage(envelope["message"]?.stringValue ?? ""))
    }
}

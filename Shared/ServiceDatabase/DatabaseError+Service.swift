package import Database
internal import Foundation
package import ServiceKit
package import WireProtocol

extension DatabaseError: ServiceErrorConvertible {
    /// The error for a client. The driver's message is only logged because it may contain SQL.
    package var serviceError: ServiceError {
        switch kind {
        case .unavailable, .conflict:
            .unavailable("The database is temporarily unavailable. Please try again.", cause: self)
        case .uniqueViolation: ServiceError(.resourceAlreadyExists, "The resource already exists.", cause: self)
        case .foreignKeyViolation:
            ServiceError(.invalidParameterValue, "The request refers to a resource that does not exist.", cause: self)
        case .tooLarge:
            ServiceError(.invalidParameterValue, "A value is too long for the database, or the request has too many values.", cause: self)
        case .newerSchema, .failure: ServiceError(.internalError, "Internal error.", cause: self)
        }
    }
}

/// A database that can't be opened or migrated ends a command like an invalid flag.
extension DatabaseError: ConfigurationErrorConvertible {
    package var configurationError: ConfigurationError {
        ConfigurationError(message.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

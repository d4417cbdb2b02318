internal import WireProtocol

extension ServiceError {
    static func loggedModelNotFound(_ modelID: String) -> ServiceError { .doesNotExist("Logged model with ID '\(modelID)' not found.") }

    /// The error for a param that would be written twice, which isn't allowed even with the same value.
    static var duplicateLoggedModelParam: ServiceError {
        ServiceError(.badRequest, "'params' contains a duplicate key, or a key that was already logged.")
    }
}

internal import WireProtocol

extension ServiceError {
    static let invalidAPIKey = ServiceError(.unauthenticated, "A valid API key for this gateway is required.")

    static let invalidAdminKey = ServiceError(.unauthenticated, "A valid admin key is required.")
}

internal import WireProtocol

extension ServiceError {
    /// The error for a name that isn't a route, or isn't one that the caller may use.
    static func unknownRoute(_ name: String) -> ServiceError {
        ServiceError(
            .resourceDoesNotExist, "The route '\(name)' does not exist on this gateway.", parameter: "model",
            details: ErrorDetails(openAICode: "model_not_found"))
    }

    /// The error for a request that the provider doesn't support.
    static func unsupported(_ message: ErrorMessage) -> ServiceError {
        ServiceError(.invalidParameterValue, message, status: 422, details: ErrorDetails(openAICode: "unsupported"))
    }

    /// The error for a response of the provider that can't be converted to the client's format.
    static func unreadableResponse(_ message: ErrorMessage, cause: (any Error)? = nil) -> ServiceError {
        ServiceError(.providerError, message, details: ErrorDetails(openAICode: "upstream_error"), cause: cause)
    }

    /// The error for an endpoint whose configuration the adapter can't use.
    static func misconfigured(_ message: ErrorMessage, cause: any Error) -> ServiceError {
        ServiceError(.providerError, message, details: ErrorDetails(openAICode: "misconfigured"), cause: cause)
    }

    /// A failure of a provider or of the connection to it.
    static func upstream(_ failure: UpstreamFailure, provider: String) -> ServiceError {
        if failure == .outOfMemory {
            return .unavailable(
                "The gateway has no memory left for the provider's response at the moment. Please try again.", cause: failure)
        }
        return ServiceError(
            .providerError, "\(provider): \(failure.message).", status: failure.isTimeout ? 504 : 502,
            details: ErrorDetails(openAICode: failure.isTimeout ? "upstream_timeout" : "upstream_error"), cause: failure)
    }
}

internal import AdapterHost
internal import SafeText
internal import WireProtocol

// Providers' errors may quote the gateway's own request, including its key, or expose internals of the provider's software.

extension ServiceError {
    /// An error with the provider's own message. Secrets are redacted before the message is truncated, since a truncated secret would
    /// no longer be recognized.
    ///
    /// - Parameters:
    ///   - error: the decoded error; `nil` if the response has none.
    ///   - code: OpenAI's code, if the provider's error has none.
    static func provider(
        _ error: ProviderError?, status: Int, code: String? = nil, retryAfter: Int? = nil, redaction: Redaction
    ) -> ServiceError {
        func shown(_ text: String?) -> String? { text.map { redaction.redacted(error: $0) } }
        return ServiceError(
            .providerError, ErrorMessage(shown(error?.message) ?? "The provider returned no error message."), status: status,
            parameter: shown(error?.param),
            details: ErrorDetails(
                openAIType: shown(error?.type) ?? "api_error", openAICode: shown(error?.code?.stringValue) ?? code),
            retryAfter: retryAfter)
    }

    /// The error for a provider that rejects the gateway's key. A 401 would make clients look for the mistake in their own key, and the
    /// provider's message may contain the gateway's.
    static func rejectedCredentials(provider: String, retryAfter: Int?) -> ServiceError {
        ServiceError(
            .providerError, "\(provider) rejected the gateway's credentials.",
            details: ErrorDetails(openAICode: "upstream_authentication"), retryAfter: retryAfter)
    }

    /// The error without secrets, as clients, the log and traces may see it.
    func redacted(by redaction: Redaction) -> ServiceError {
        func shown(_ text: String?) -> String? { text.map { redaction.redacted(error: $0) } }
        return ServiceError(
            code, ErrorMessage(redaction.redacted(error: message)), status: status, parameter: shown(parameter),
            details: ErrorDetails(
                openAIType: shown(details.openAIType), openAICode: shown(details.openAICode),
                fastAPIDetail: details.fastAPIDetail.map { redaction.redacted(error: $0) }),
            cause: cause.map { RedactedCause(description: redaction.redacted(error: "\($0)")) }, retryAfter: retryAfter)
    }
}

/// The redacted description of an error.
private struct RedactedCause: Error, CustomStringConvertible {
    let description: String
}

internal import AdapterHost
internal import JSON
internal import SafeText

// Providers' errors may quote the gateway's own request, including its key, or expose internals of the provider's software.

extension GatewayError {
    /// An error with the provider's own message. Secrets are redacted before the message is truncated, since a truncated secret would
    /// no longer be recognized.
    ///
    /// - Parameter providerError: the decoded error; `nil` if the response has none.
    init(_ providerError: ProviderError?, status: Int, code: String? = nil, retryAfter: Int64? = nil, redaction: Redaction) {
        func shown(_ text: String?) -> String? { text.map { redaction.redacted(error: $0) } }
        self.init(
            status: status, type: shown(providerError?.type) ?? "api_error",
            message: ErrorMessage(shown(providerError?.message) ?? "The provider returned no error message."),
            code: shown(providerError?.code?.stringValue) ?? code,
            param: shown(providerError?.param), retryAfter: retryAfter)
    }

    /// The error without secrets, as clients, the log and traces may see it.
    func redacted(by redaction: Redaction) -> GatewayError {
        var error = self
        error.message = redaction.redacted(error: message)
        error.type = redaction.redacted(error: type)
        error.code = code.map { redaction.redacted(error: $0) }
        error.param = param.map { redaction.redacted(error: $0) }
        error.detail = detail.map { redaction.redacted(error: $0) }
        error.cause = cause.map { RedactedCause(description: redaction.redacted(error: "\($0)")) }
        return error
    }
}

/// The redacted description of an error.
private struct RedactedCause: Error, CustomStringConvertible {
    var description: String
}

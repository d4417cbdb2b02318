internal import NIOCore
internal import SafeText
internal import WireProtocol

/// The response of another service.
struct ServiceResponse {
    var status: Int
    var body: ByteBuffer
    /// The service's name in messages.
    var service: String

    /// Higher than the limit for requests: a response with a large run or model can have more values than any request.
    private static let limits = JSONLimits(maximumNodes: 4_000_000)

    private var json: JSONValue? { try? JSONValue(parsing: body.readableBytesView, limits: Self.limits) }

    /// The JSON of a successful response.
    ///
    /// - Throws: the `ServiceError` in the response, or an internal error when the response can't be parsed.
    func content() throws -> JSONValue {
        let json = json
        if (200...299).contains(status), let json { return json }
        throw error(in: json)
    }

    /// - Throws: the error in the response, unless its status indicates success.
    func requireSuccess() throws {
        guard (200...299).contains(status) else { throw error(in: json) }
    }

    private func error(in json: JSONValue?) -> ServiceError {
        guard !(200...299).contains(status), var error = json.flatMap(ServiceError.init(envelope:)) else {
            return unreadable()
        }
        error = ServiceError(
            error.code, ErrorMessage(Redaction.standard.redacted(error.message)), cause: error.cause, retryAfter: error.retryAfter)
        // The code comes from a newer service than this one: derive the kind from the HTTP status.
        if error.code == .unknown { error.code = ErrorCode(httpStatus: status) }
        if error.code == .temporarilyUnavailable || error.status == 429 { error.retryAfter = 1 }
        return error
    }

    /// The error for a response without MLflow's envelope: FastAPI's `{"detail": …}`, which both tracking servers send for OTLP, a
    /// proxy's error page, or the response of a different program.
    private func unreadable() -> ServiceError {
        let text = Redaction.standard.redacted(error: String(decoding: body.readableBytesView.prefix(100_000), as: UTF8.self))
        let cause = UnexpectedResponse(status: status, excerpt: text.excerpt(200))
        if [429, 502, 503, 504].contains(status) {
            return .unavailable("The \(service) service is temporarily unavailable. Please try again.", cause: cause)
        }
        if (400...499).contains(status) {
            // The status is the only information about the failure, and it indicates whether the same request may succeed later.
            return ServiceError(
                ErrorCode(httpStatus: status), "The \(service) service rejected the request with status \(status).", cause: cause)
        }
        return ServiceError(.internalError, "The \(service) service returned an invalid response.", cause: cause)
    }
}

/// The status and beginning of a response that can't be parsed, for the log.
struct UnexpectedResponse: Error {
    var status: Int
    var excerpt: String
}

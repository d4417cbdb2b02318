internal import NIOCore
internal import SafeText
internal import WireProtocol

/// What another service answered.
struct ServiceResponse {
    var status: Int
    var body: ByteBuffer
    /// The service's name in messages.
    var service: String

    /// Runs and models of our own services can be larger than any request.
    private static let limits = JSONLimits(maximumNodes: 4_000_000)

    private var json: JSONValue? { try? JSONValue(parsing: body.readableBytesView, limits: Self.limits) }

    /// The JSON of a response that tells success.
    ///
    /// - Throws: the `ServiceError` that the response tells, or one that says that it can't be understood.
    func content() throws -> JSONValue {
        let json = json
        if (200...299).contains(status), let json { return json }
        throw error(in: json)
    }

    /// - Throws: what the response tells, if it doesn't tell success.
    func requireSuccess() throws {
        guard (200...299).contains(status) else { throw error(in: json) }
    }

    private func error(in json: JSONValue?) -> ServiceError {
        guard !(200...299).contains(status), var error = json.flatMap(ServiceError.init(envelope:)) else {
            return unreadable()
        }
        error = ServiceError(
            error.code, ErrorMessage(Redaction.standard.redacted(error.message)), cause: error.cause, retryAfter: error.retryAfter)
        // A code from a newer service than this one: its HTTP status tells the kind.
        if error.code == .unknown { error.code = Self.code(forStatus: status) }
        if error.code == .temporarilyUnavailable || error.code.httpStatus == 429 { error.retryAfter = 1 }
        return error
    }

    /// Not MLflow's envelope: FastAPI's `{"detail": …}`, which both tracking servers give for OTLP, a proxy's page, or the response of a
    /// program that isn't the service.
    private func unreadable() -> ServiceError {
        let text = Redaction.standard.redacted(error: String(decoding: body.readableBytesView.prefix(100_000), as: UTF8.self))
        let cause = UnexpectedResponse(status: status, excerpt: text.excerpt(200))
        if [429, 502, 503, 504].contains(status) {
            return .unavailable("The \(service) service is not available at the moment. Please try again.", cause: cause)
        }
        if (400...499).contains(status) {
            // The status is all that is known of the refusal, and it tells whether the same request may work later.
            return ServiceError(Self.code(forStatus: status), "The \(service) service refused the request with status \(status).", cause: cause)
        }
        return ServiceError(.internalError, "The \(service) service gave an answer that can't be understood.", cause: cause)
    }

    private static func code(forStatus status: Int) -> ErrorCode {
        switch status {
        case 401: .unauthenticated
        case 403: .permissionDenied
        case 404: .notFound
        case 408: .deadlineExceeded
        case 409: .resourceConflict
        case 429: .requestLimitExceeded
        case 400...499: .badRequest
        case 503: .temporarilyUnavailable
        case 504: .deadlineExceeded
        default: .internalError
        }
    }
}

/// What a response looked like that wasn't understood; for the log.
struct UnexpectedResponse: Error {
    var status: Int
    var excerpt: String
}

internal import NIOCore
internal import SafeText
internal import WireProtocol

/// The response of another service.
struct ServiceResponse {
    var status: Int
    var body: ByteBuffer
    /// The service's name in messages.
    var service: String
    /// Removes secrets from errors.
    var redaction: Redaction
    var reserve: JSONServiceClient.ReserveMemory

    /// Higher than the limit for requests: a response with a large run or model can have more values than any request.
    private static let limits = JSONLimits(maximumNodes: 4_000_000)

    /// - Throws: the error of `reserve`.
    private func json() throws -> JSONValue? {
        // Nothing of the body is needed once it is parsed.
        let footprint = JSONFootprint(of: body.readableBytesView, maximumNodes: Self.limits.maximumNodes).memory
        try reserve(max(footprint - body.readableBytes, 0))
        return try? JSONValue(parsing: body.readableBytesView, limits: Self.limits)
    }

    /// The JSON of a successful response.
    ///
    /// - Throws: the `ServiceError` in the response, or an internal error when the response can't be parsed; the error of `reserve`.
    func content() throws -> JSONValue {
        let json = try json()
        if (200...299).contains(status), let json { return json }
        throw error(in: json)
    }

    /// - Throws: the error in the response, unless its status indicates success; the error of `reserve`.
    func requireSuccess() throws {
        guard (200...299).contains(status) else { throw error(in: try json()) }
    }

    private func error(in json: JSONValue?) -> ServiceError {
        guard !(200...299).contains(status), let json else { return unreadable() }
        guard var error = ServiceError(envelope: json) else {
            return ErrorFormat.message(in: json).map(described) ?? unreadable()
        }
        error = ServiceError(
            error.code, ErrorMessage(redaction.redacted(error.message)), cause: error.cause, retryAfter: error.retryAfter)
        // The code comes from a newer service than this one: derive the kind from the HTTP status.
        if error.code == .unknown { error.code = ErrorCode(httpStatus: status) }
        if error.code == .temporarilyUnavailable || error.status == 429 { error.retryAfter = 1 }
        return error
    }

    /// The error for a message without MLflow's code: the gateway's errors have OpenAI's and FastAPI's formats, and both tracking
    /// servers use FastAPI's for OTLP.
    private func described(_ message: JSONValue) -> ServiceError {
        let text = message.stringValue.map { redaction.redacted(error: $0) } ?? redaction.redacted(error: message).jsonString
        return ServiceError(code, ErrorMessage(text), retryAfter: code == .temporarilyUnavailable ? 1 : nil)
    }

    /// The error for a response in none of the error formats: a proxy's error page, or the response of a different program.
    private func unreadable() -> ServiceError {
        let text = redaction.redacted(error: String(decoding: body.readableBytesView.prefix(100_000), as: UTF8.self))
        let cause = UnexpectedResponse(status: status, excerpt: text.excerpt(200))
        switch code {
        case .temporarilyUnavailable:
            return .unavailable("The \(service) service is temporarily unavailable. Please try again.", cause: cause)
        case .internalError: return ServiceError(code, "The \(service) service returned an invalid response.", cause: cause)
        default: return ServiceError(code, "The \(service) service rejected the request with status \(status).", cause: cause)
        }
    }

    /// The code for a response without one. The status indicates whether the same request may succeed later.
    private var code: ErrorCode {
        switch status {
        case 429, 502, 503, 504: .temporarilyUnavailable
        case 400...499: ErrorCode(httpStatus: status)
        default: .internalError
        }
    }
}

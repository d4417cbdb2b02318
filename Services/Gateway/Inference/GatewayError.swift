internal import Database
internal import GatewayFormats
internal import HTTPTypes
internal import Hummingbird
internal import WireProtocol

/// An error with a status and a message that clients may see. Each API renders it in its own format.
struct GatewayError: Error, Sendable {
    var status: Int
    /// OpenAI's `type`: `invalid_request_error`, `rate_limit_error`, …
    var type: String
    var message: String
    /// OpenAI's `code`, by which clients distinguish errors.
    var code: String?
    /// The invalid member of the request.
    var param: String?
    /// In seconds.
    var retryAfter: Int64?
    /// MLflow's `detail` where it carries more than the message.
    var detail: JSONValue?
    /// The underlying error, for the log only.
    var cause: (any Error)?

    /// Truncates members that are too long for an error.
    init(
        status: Int, type: String, message: ErrorMessage, code: String? = nil, param: String? = nil, retryAfter: Int64? = nil,
        detail: JSONValue? = nil, cause: (any Error)? = nil
    ) {
        self.status = status
        self.type = type.excerpt()
        self.message = message.text
        self.code = code?.excerpt()
        self.param = param?.excerpt()
        self.retryAfter = retryAfter
        self.detail = detail
        self.cause = cause
    }

    static func invalid(_ message: ErrorMessage, param: String? = nil) -> GatewayError {
        GatewayError(status: 400, type: "invalid_request_error", message: message, param: param)
    }

    static func unsupported(_ message: ErrorMessage) -> GatewayError {
        GatewayError(status: 422, type: "invalid_request_error", message: message, code: "unsupported")
    }

    static func notFound(_ name: String) -> GatewayError {
        GatewayError(
            status: 404, type: "invalid_request_error", message: "The route '\(name)' does not exist on this gateway.",
            code: "model_not_found", param: "model")
    }

    static let invalidAPIKey = GatewayError(
        status: 401, type: "authentication_error", message: "A valid API key for this gateway is required.", code: "invalid_api_key")

    static func forbidden(_ message: ErrorMessage) -> GatewayError {
        GatewayError(status: 403, type: "permission_error", message: message, code: "permission_denied")
    }

    static func unavailable(_ message: ErrorMessage, cause: (any Error)? = nil) -> GatewayError {
        GatewayError(status: 503, type: "api_error", message: message, code: "unavailable", retryAfter: 1, cause: cause)
    }

    static func rateLimited(_ error: LimitExceededError) -> GatewayError {
        let rule = error.rule
        let what: String =
            switch rule.unit {
            case .requests: "limit '\(rule.name)' of \(rule.cap) requests"
            case .tokens: "limit '\(rule.name)' of \(rule.cap) tokens"
            case .concurrent: "limit '\(rule.name)' of \(rule.cap) concurrent requests"
            case .money: "budget '\(rule.name)' of \(Self.dollars(rule.cap)) USD"
            }
        return GatewayError(
            status: 429, type: "rate_limit_error", message: "The request would exceed the \(what).",
            code: rule.unit == .money ? "budget_exceeded" : "rate_limit_exceeded", retryAfter: error.retryAfter ?? 1)
    }

    private static func dollars(_ nano: Int64) -> String {
        let amount = Double(nano) / 1_000_000_000
        return amount == amount.rounded() ? String(Int64(amount)) : String(amount)
    }

    /// The provider responded, but its response can't be converted to the client's format.
    static func unreadableResponse(_ message: ErrorMessage) -> GatewayError {
        GatewayError(status: 502, type: "api_error", message: message, code: "upstream_error")
    }

    /// A failure of a provider or of the connection to it.
    static func upstream(_ failure: UpstreamFailure, provider: String) -> GatewayError {
        if failure == .outOfMemory {
            return .unavailable(
                "The gateway has no memory left for the provider's response at the moment. Please try again.", cause: failure)
        }
        return GatewayError(
            status: failure.isTimeout ? 504 : 502, type: "api_error", message: "\(provider): \(failure.message).",
            code: failure.isTimeout ? "upstream_timeout" : "upstream_error", cause: failure)
    }
}

extension GatewayError {
    /// Converts any error to one that clients may see.
    init(_ error: any Error) {
        switch error {
        case let error as GatewayError: self = error
        case let error as LimitExceededError: self = .rateLimited(error)
        case let error as OpenAIRequestError: self.init(error, status: 400)
        case let error as MLflow25Error: self.init(error)
        case let error as MessagesError: self.init(error)
        case let error as ServiceError where error.code == .invalidParameterValue: self = .invalid(ErrorMessage(error.message))
        case let error as ServiceError where error.code == .temporarilyUnavailable:
            self = .unavailable(ErrorMessage(error.message), cause: error.cause)
        case let error as any HTTPResponseError where error.status == .requestTimeout:
            self = GatewayError(
                status: 408, type: "invalid_request_error", message: "The request body didn't arrive in time.", code: "request_timeout")
        case let error as DatabaseError where error.kind == .unavailable || error.kind == .conflict:
            self = .unavailable("The gateway's database is not available at the moment. Please try again.", cause: error)
        case is CancellationError: self = GatewayError(status: 499, type: "api_error", message: "The request was cancelled.")
        default: self = GatewayError(status: 500, type: "api_error", message: "Internal error.", code: "internal_error", cause: error)
        }
    }
}

extension GatewayError {
    init(_ error: OpenAIRequestError, status: Int) {
        let envelope = error.openAI["error"]
        self.init(
            status: status, type: "invalid_request_error",
            message: ErrorMessage(envelope?["message"]?.stringValue ?? "The request is invalid."),
            code: envelope?["code"]?.stringValue, param: envelope?["param"]?.stringValue, detail: error.mlflow["detail"])
    }
}

extension GatewayError {
    init(_ error: MessagesError) {
        self.init(status: error.status, type: error.type, message: ErrorMessage(error.message))
    }
}

internal import HTTPTypes
internal import Hummingbird
internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// The format in which an API returns errors.
enum ErrorFormat: Sendable {
    case openAI
    /// Anthropic's Messages API.
    case anthropic
    /// MLflow's gateway, which uses FastAPI's format.
    case mlflow

    func body(_ error: GatewayError) -> JSONValue {
        func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        switch self {
        case .openAI:
            return [
                "error": [
                    "message": .string(error.message), "type": .string(error.type), "param": optional(error.param),
                    "code": optional(error.code),
                ]
            ]
        case .anthropic:
            return ["type": "error", "error": ["type": .string(Self.anthropicType(error)), "message": .string(error.message)]]
        case .mlflow:
            // MLflow's own rate limiter returns "error".
            if error.status == 429 { return ["detail": .string(error.message), "error": .string(error.message)] }
            return ["detail": error.detail ?? .string(error.message)]
        }
    }

    /// The response to a failed request.
    func response(_ error: GatewayError, head: Bool = false) -> Response {
        // 499 is for the ledger only: the client is gone.
        var response = Response.json(body(error), status: .init(code: error.status == 499 ? 503 : error.status))
        if let seconds = error.retryAfter { response.headers[.retryAfter] = String(seconds) }
        if error.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    /// The error as the last event of a stream, including the event framing.
    func event(_ error: GatewayError) -> [UInt8] {
        SSEFraming.event(body(error).jsonBytes(), name: self == .anthropic ? "error" : nil)
    }

    private static func anthropicType(_ error: GatewayError) -> String {
        switch error.status {
        case 400, 415, 422: "invalid_request_error"
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 503, 529: "overloaded_error"
        default: "api_error"
        }
    }
}

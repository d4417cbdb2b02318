internal import Primitives

/// The format in which an API returns errors. Each group of routes has one (`APIRoutes.group(errors:)`).
package enum ErrorFormat: Sendable, CaseIterable {
    /// MLflow's REST API: `{"error_code": …, "message": …}`.
    case mlflow
    /// OpenAI's API: `{"error": {"message", "type", "param", "code"}}`.
    case openAI
    /// Anthropic's Messages API: `{"type": "error", "error": {"type", "message"}}`.
    case anthropic
    /// FastAPI, which MLflow uses for its gateway and for OTLP: `{"detail": …}`.
    case fastAPI

    /// The body of a response.
    package func body(of error: ServiceError) -> JSONValue {
        let message = JSONValue.string(error.message)
        switch self {
        case .mlflow: return ["error_code": .string(error.code.rawValue), "message": message]
        case .openAI:
            func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
            return [
                "error": [
                    "message": message, "type": .string(openAIType(of: error)), "param": optional(error.parameter),
                    "code": optional(error.details.openAICode ?? error.code.openAICode),
                ]
            ]
        case .anthropic: return ["type": "error", "error": ["type": .string(anthropicType(of: error)), "message": message]]
        case .fastAPI:
            // MLflow's own rate limiter returns "error".
            if error.status == 429 { return ["detail": message, "error": message] }
            return ["detail": error.details.fastAPIDetail ?? message]
        }
    }

    /// The message of an error in OpenAI's, Anthropic's or FastAPI's format; `nil` for any other JSON. FastAPI's may be an array or an
    /// object.
    package static func message(in body: JSONValue) -> JSONValue? {
        let message = body["detail"]?["message"] ?? body["detail"] ?? body["error"]?["message"]
        return message == JSONValue.null ? nil : message
    }

    /// The status of a response.
    package func status(of error: ServiceError) -> Int {
        // OpenAI's and Anthropic's clients don't know 499, but retry after 503.
        error.status == 499 && self != .mlflow ? 503 : error.status
    }

    /// The error as the last server-sent event of a stream that has already begun, including the framing.
    package func event(for error: ServiceError) -> [UInt8] {
        SSEFraming.event(body(of: error).jsonBytes(), name: self == .anthropic ? "error" : nil)
    }

    private func openAIType(of error: ServiceError) -> String {
        if let type = error.details.openAIType { return type }
        return switch status(of: error) {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 429: "rate_limit_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }

    private func anthropicType(of error: ServiceError) -> String {
        switch status(of: error) {
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

extension ErrorCode {
    /// OpenAI's `code` for errors that have none of their own.
    fileprivate var openAICode: String? {
        switch self {
        case .internalError: "internal_error"
        case .temporarilyUnavailable: "unavailable"
        case .permissionDenied: "permission_denied"
        case .unauthenticated: "invalid_api_key"
        default: nil
        }
    }
}

internal import WireProtocol

extension ServiceError {
    static let unsupportedMediaType = ServiceError(
        .badRequest, "The request's Content-Type must be application/json.", status: 415,
        details: ErrorDetails(openAICode: "unsupported_media_type"))

    /// - Parameter limit: in bytes.
    static func requestTooLarge(limit: Int) -> ServiceError {
        ServiceError(
            .badRequest, "The request body exceeds the limit of \(limit) bytes.", status: 413,
            details: ErrorDetails(openAICode: "request_too_large"))
    }

    static let requestTimeout = ServiceError(
        .badRequest, "The request body didn't arrive in time.", status: 408, details: ErrorDetails(openAICode: "request_timeout"))
}

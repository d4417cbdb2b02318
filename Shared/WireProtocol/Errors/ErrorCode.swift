/// The error codes of MLflow's API (`error_code` in its responses) that our services send or receive, with their HTTP statuses.
package enum ErrorCode: String, Sendable {
    case internalError = "INTERNAL_ERROR"
    case invalidState = "INVALID_STATE"
    case notImplemented = "NOT_IMPLEMENTED"
    case temporarilyUnavailable = "TEMPORARILY_UNAVAILABLE"
    case deadlineExceeded = "DEADLINE_EXCEEDED"
    case requestLimitExceeded = "REQUEST_LIMIT_EXCEEDED"
    case resourceExhausted = "RESOURCE_EXHAUSTED"
    case cancelled = "CANCELLED"
    case aborted = "ABORTED"
    case resourceConflict = "RESOURCE_CONFLICT"
    case alreadyExists = "ALREADY_EXISTS"
    case notFound = "NOT_FOUND"
    case endpointNotFound = "ENDPOINT_NOT_FOUND"
    case resourceDoesNotExist = "RESOURCE_DOES_NOT_EXIST"
    case permissionDenied = "PERMISSION_DENIED"
    case unauthenticated = "UNAUTHENTICATED"
    case badRequest = "BAD_REQUEST"
    /// Its status is 400, not 409, as in MLflow, whose clients rely on it.
    case resourceAlreadyExists = "RESOURCE_ALREADY_EXISTS"
    case invalidParameterValue = "INVALID_PARAMETER_VALUE"
    case featureDisabled = "FEATURE_DISABLED"
    /// A failure of a model provider, or of the connection to it. Not one of MLflow's codes; the gateway's formats don't show it.
    case providerError = "PROVIDER_ERROR"
    /// A code from a newer peer that this version doesn't know.
    case unknown = "UNKNOWN"

    /// Decodes a code from a response; never fails.
    package init(wire text: String) {
        self = ErrorCode(rawValue: text) ?? .unknown
    }

    /// The code for an error of which only the HTTP status is known.
    package init(httpStatus: Int) {
        self =
            switch httpStatus {
            case 401: .unauthenticated
            case 403: .permissionDenied
            case 404: .notFound
            case 408, 504: .deadlineExceeded
            case 409: .resourceConflict
            case 429: .requestLimitExceeded
            case 400...499: .badRequest
            case 503: .temporarilyUnavailable
            default: .internalError
            }
    }

    package var httpStatus: Int {
        switch self {
        case .internalError, .invalidState, .featureDisabled, .unknown: 500
        case .notImplemented: 501
        case .providerError: 502
        case .temporarilyUnavailable: 503
        case .deadlineExceeded: 504
        case .requestLimitExceeded, .resourceExhausted: 429
        case .cancelled: 499
        case .aborted, .resourceConflict, .alreadyExists: 409
        case .notFound, .endpointNotFound, .resourceDoesNotExist: 404
        case .permissionDenied: 403
        case .unauthenticated: 401
        case .badRequest, .resourceAlreadyExists, .invalidParameterValue: 400
        }
    }
}

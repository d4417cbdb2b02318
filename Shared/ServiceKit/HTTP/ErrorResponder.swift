internal import Database
internal import HTTPTypes
package import Hummingbird
internal import JSON
internal import Logging
internal import NIOCore
internal import SearchFilter
package import WireProtocol

/// Creates the response to a failed request. This is the only place where an error becomes a status and a body.
package struct ErrorResponder: Sendable {
    private let paths: RegisteredPaths

    package init(paths: RegisteredPaths) {
        self.paths = paths
    }

    /// The response to any error. Logs the error.
    package func response(to error: any Error, request: Request, context: ServiceRequestContext) -> Response {
        if let error = error as? any HTTPResponseError { return httpResponse(to: error, request: request, context: context) }
        let serviceError = ServiceError(error)
        log(serviceError, request: request, context: context)
        return Self.response(to: serviceError)
    }

    /// MLflow's envelope with the error's status.
    static func response(to error: ServiceError) -> Response {
        var response = Response.json(error, status: .init(code: error.code.httpStatus))
        if let seconds = error.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }

    /// The response to an error of the HTTP library, such as an unknown path or a body that is too large.
    private func httpResponse(to error: any HTTPResponseError, request: Request, context: ServiceRequestContext) -> Response {
        switch error.status {
        case .notFound:
            // Flask, and so MLflow, responds to these two with a page; clients check only the status.
            return paths.contains(request.uri.path)
                ? .page(.methodNotAllowed, "The method is not allowed for the requested URL.")
                : .notFoundPage
        case .contentTooLarge:
            let message = (error as? HTTPError)?.body ?? "The request's body exceeds \(context.maxUploadSize) bytes."
            return .json(ServiceError(.invalidParameterValue, ErrorMessage(message)), status: .contentTooLarge)
        default:
            log(ServiceError(.badRequest, "\(error.status)", cause: error), request: request, context: context)
            return .json(ServiceError(.badRequest, "\(error.status.reasonPhrase)"), status: error.status)
        }
    }

    private func log(_ error: ServiceError, request: Request, context: ServiceRequestContext) {
        let level: Logger.Level = error.code.httpStatus >= 500 ? .error : .info
        context.logger.log(
            level: level, "\(error.code.rawValue)",
            metadata: context.logMetadata([
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path)", "error": "\(error.message)",
                "cause": "\(error.cause.map { "\($0)" } ?? "-")",
            ]))
    }
}

extension ServiceError {
    /// Converts any error into one that is safe to show. Unknown errors become an internal error without details.
    package init(_ error: any Error) {
        switch error {
        case let error as ServiceError: self = error
        case let error as any ServiceErrorConvertible: self = error.serviceError
        case let error as FilterError: self = .invalidParameter(ErrorMessage(error.message))
        case let error as DatabaseError: self = Self.database(error)
        case is CancellationError: self = ServiceError(.cancelled, "The request was cancelled.")
        default: self = ServiceError(.internalError, "Internal error.", cause: error)
        }
    }

    private static func database(_ error: DatabaseError) -> ServiceError {
        switch error.kind {
        case .unavailable, .conflict:
            .unavailable("The database is temporarily unavailable. Please try again.", cause: error)
        case .uniqueViolation: ServiceError(.resourceAlreadyExists, "The resource already exists.", cause: error)
        case .foreignKeyViolation:
            ServiceError(.invalidParameterValue, "The request refers to a resource that does not exist.", cause: error)
        case .tooLarge:
            ServiceError(.invalidParameterValue, "A value is too long for the database, or the request has too many values.", cause: error)
        case .newerSchema, .failure: ServiceError(.internalError, "Internal error.", cause: error)
        }
    }
}

internal import HTTPServer
internal import HTTPTypes
package import Hummingbird
internal import JSON
internal import Logging
internal import NIOCore
package import WireProtocol

/// Creates the response to a failed request, and logs the error. Only APIs with their own error formats, such as the gateway's, do this
/// elsewhere.
package struct ErrorResponder: Sendable {
    private let routes: RegisteredRoutes

    package init(routes: RegisteredRoutes) {
        self.routes = routes
    }

    /// The response to any error. Logs the error.
    package func response(to error: any Error, request: Request, context: ServiceRequestContext) -> Response {
        if let error = error as? any HTTPResponseError { return httpResponse(to: error, request: request, context: context) }
        let serviceError = ServiceError(error)
        log(serviceError, request: request, context: context)
        return .error(serviceError)
    }

    /// The response to an error of the HTTP library, such as an unknown path or a body that is too large.
    private func httpResponse(to error: any HTTPResponseError, request: Request, context: ServiceRequestContext) -> Response {
        switch error.status {
        case .notFound:
            // Flask, and so MLflow, responds to these two with a page; clients check only the status.
            return routes.contains(path: request.uri.path)
                ? .page(.methodNotAllowed, "The method is not allowed for the requested URL.")
                : .notFoundPage
        case .contentTooLarge:
            let message = (error as? HTTPError)?.body ?? "The request's body exceeds \(context.maxUploadSize) bytes."
            return .error(ServiceError(.invalidParameterValue, ErrorMessage(message)), status: .contentTooLarge)
        default:
            log(ServiceError(.badRequest, "\(error.status)", cause: error), request: request, context: context)
            return .error(ServiceError(.badRequest, "\(error.status.reasonPhrase)"), status: error.status)
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
        case is CancellationError: self = ServiceError(.cancelled, "The request was cancelled.")
        default: self = ServiceError(.internalError, "Internal error.", cause: error)
        }
    }
}

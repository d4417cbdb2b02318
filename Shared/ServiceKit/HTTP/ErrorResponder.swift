internal import HTTPServer
internal import HTTPTypes
package import Hummingbird
internal import JSON
package import Logging
internal import NIOCore
package import WireProtocol

/// Creates the response to an error that a handler throws, and logs the error. Unknown paths and methods aren't logged.
///
/// What reaches no handler is rejected elsewhere: invalid HTTP by `ClientConnection`, requests of foreign pages by `OriginGuard`. GraphQL's
/// errors are part of a response, so its route logs them.
package struct ErrorResponder: Sendable {
    private let routes: RegisteredRoutes

    package init(routes: RegisteredRoutes) {
        self.routes = routes
    }

    /// The response to any error, in the format of its group of routes. Logs the error, unless the path or method is unknown.
    package func response(to error: any Error, request: Request, context: ServiceRequestContext) -> Response {
        let formatted = error as? FormattedError
        let error = formatted?.error ?? error
        let shown: ServiceError
        if let error = error as? any HTTPResponseError {
            if error.status == .notFound { return notFound(request.uri.path) }
            shown = ServiceError(error, bodyLimit: context.maxUploadSize)
        } else {
            shown = ServiceError(error)
        }
        context.log(shown, ["method": "\(request.method.rawValue)", "path": "\(request.uri.path)"])
        return .error(shown, in: formatted?.format ?? .mlflow)
    }

    /// Flask, and so MLflow, responds to an unknown path or method with a page; clients check only the status.
    private func notFound(_ path: String) -> Response {
        routes.contains(path: path) ? .page(.methodNotAllowed, "The method is not allowed for the requested URL.") : .notFoundPage
    }
}

extension ServiceRequestContext {
    /// Logs the error of a request: as an error if the service is at fault, otherwise as information, also for what isn't implemented.
    package func log(_ error: ServiceError, _ more: Logger.Metadata) {
        let metadata: Logger.Metadata = [
            "status": "\(error.status)", "error": "\(error.message)", "cause": "\(error.cause.map { "\($0)" } ?? "-")",
        ]
        logger.log(
            level: error.status >= 500 && error.status != 501 ? .error : .info, "\(error.details.openAICode ?? error.code.rawValue)",
            metadata: logMetadata(metadata.merging(more) { $1 }))
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

    /// Converts an error of the HTTP library, such as one about a body that is too large.
    fileprivate init(_ error: any HTTPResponseError, bodyLimit: Int) {
        if error.status == .contentTooLarge {
            let message = (error as? HTTPError)?.body ?? "The request's body exceeds \(bodyLimit) bytes."
            self.init(.invalidParameterValue, ErrorMessage(message), status: error.status.code)
        } else {
            self.init(.badRequest, "\(error.status.reasonPhrase)", status: error.status.code, cause: error)
        }
    }
}

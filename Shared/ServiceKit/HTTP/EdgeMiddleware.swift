package import HTTPTypes
package import Hummingbird
internal import Logging
internal import NIOCore
internal import WireProtocol

/// The outermost step of every request: gives it an id, counts and times it, refuses it if it comes from a foreign page, and turns
/// whatever was thrown into the one response that the API knows for it. Errors are logged here and nowhere else.
package struct EdgeMiddleware: RouterMiddleware {
    private let metrics: ServiceMetrics
    private let errors: ErrorResponder
    private let originGuard: OriginGuard
    private let limits: RequestLimits

    init(metrics: ServiceMetrics, errors: ErrorResponder, originGuard: OriginGuard, limits: RequestLimits) {
        self.metrics = metrics
        self.errors = errors
        self.originGuard = originGuard
        self.limits = limits
    }

    package func handle(
        _ request: Request, context: ServiceRequestContext, next: (Request, ServiceRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        metrics.requestStarted()
        var context = context
        context.limits = limits
        context.requestID = request.headers[.xRequestID].flatMap(RequestID.validated) ?? RequestID.generate()
        var response: Response
        do {
            response = if let refusal = originGuard.refusal(of: request) { refusal } else { try await next(request, context) }
        } catch {
            response = errors.response(to: error, request: request, context: context)
        }
        // No handler sets these two: to append costs a fraction of to replace.
        response.headers.append(HTTPField(name: .xRequestID, value: context.requestID))
        response.headers.append(HTTPField(name: .xContentTypeOptions, value: "nosniff"))
        // A response with a policy of its own says itself who may frame it.
        if !response.headers.contains(where: { $0.name == .contentSecurityPolicy }) {
            response.headers.append(HTTPField(name: .xFrameOptions, value: "SAMEORIGIN"))
        }
        let duration = start.duration(to: .now)
        metrics.requestEnded(
            method: request.method.rawValue, route: context.endpointPath ?? "unknown", status: response.status.code,
            duration: duration)
        context.logger.debug(
            "request",
            metadata: [
                "request_id": "\(context.requestID)", "method": "\(request.method.rawValue)", "path": "\(request.uri.path)",
                "status": "\(response.status.code)", "duration": "\(duration)",
            ])
        return response
    }
}

extension HTTPField.Name {
    // The names are tokens, as HTTP demands, so neither can be nil; a service never traps all the same.
    package static let xRequestID = HTTPField.Name("X-Request-Id") ?? .via
    package static let xContentTypeOptions = HTTPField.Name("X-Content-Type-Options") ?? .via
    package static let xFrameOptions = HTTPField.Name("X-Frame-Options") ?? .via
}

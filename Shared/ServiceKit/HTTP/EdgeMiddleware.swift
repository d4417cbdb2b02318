package import HTTPTypes
package import Hummingbird
internal import Logging
internal import NIOCore
internal import WireProtocol

/// The outermost middleware: assigns the request ID, reads the trace context, records metrics, rejects requests from foreign pages, and
/// passes errors to `ErrorResponder`.
package struct EdgeMiddleware: RouterMiddleware {
    private let metrics: RequestMetrics
    private let errors: ErrorResponder
    private let originGuard: OriginGuard
    private let limits: RequestLimits

    init(metrics: RequestMetrics, errors: ErrorResponder, originGuard: OriginGuard, limits: RequestLimits) {
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
        context.traceContext = TraceContext(request.headers)
        var response: Response
        do {
            response = if let rejection = originGuard.rejection(of: request) { rejection } else { try await next(request, context) }
        } catch {
            response = errors.response(to: error, request: request, context: context)
        }
        // Appending is much cheaper than replacing, and no handler sets these two.
        response.headers.append(HTTPField(name: .xRequestID, value: context.requestID))
        response.headers.append(HTTPField(name: .xContentTypeOptions, value: "nosniff"))
        // A response with its own Content-Security-Policy decides itself who may frame it.
        if !response.headers.contains(where: { $0.name == .contentSecurityPolicy }) {
            response.headers.append(HTTPField(name: .xFrameOptions, value: "SAMEORIGIN"))
        }
        let duration = start.duration(to: .now)
        metrics.requestEnded(
            method: request.method.rawValue, route: context.endpointPath ?? "unknown", status: response.status.code,
            duration: duration)
        context.logger.debug(
            "request",
            metadata: context.logMetadata([
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
                "duration": "\(duration)",
            ]))
        return response
    }
}

extension HTTPField.Name {
    // The names are valid tokens, so none of them is nil; the fallback only avoids a trap.
    package static let xRequestID = HTTPField.Name("X-Request-Id") ?? .via
    package static let xContentTypeOptions = HTTPField.Name("X-Content-Type-Options") ?? .via
    package static let xFrameOptions = HTTPField.Name("X-Frame-Options") ?? .via
}

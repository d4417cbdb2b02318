internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import WireProtocol

/// The MLflow release whose contract our services implement. Clients request it from `/version` before they use newer APIs.
package let mlflowContractVersion = "3.17.2"

/// A dependency that is checked by `/readyz`.
package struct ReadinessCheck: Sendable {
    package let name: String
    /// Whether the service isn't ready while the check fails; otherwise the failure is only reported.
    package let isRequired: Bool
    private let probe: SingleFlightProbe

    /// - Parameter check: throws an error if the dependency doesn't work. It fails when it takes more than two seconds.
    package init(_ name: String, isRequired: Bool = true, _ check: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.isRequired = isRequired
        probe = SingleFlightProbe(timeout: .seconds(2), check)
    }

    /// Runs the check.
    ///
    /// - Throws: the error of the check, or an error after two seconds.
    package func check() async throws { try await probe.run() }
}

/// The routes `/health`, `/livez`, `/readyz`, `/version` and `/metrics`.
package struct ProbeRoutes: Sendable {
    let metrics: PrometheusMetricsFactory
    let checks: [ReadinessCheck]

    package init(metrics: PrometheusMetricsFactory, checks: [ReadinessCheck]) {
        self.metrics = metrics
        self.checks = checks
    }

    /// Registers the routes.
    package func register(on routes: APIRoutes) {
        routes.at(.get, "/health", requires: .public, execution: .onEventLoop) { _, _ in .text("OK") }
        routes.at(.get, "/livez", requires: .public, execution: .onEventLoop) { _, _ in .text("OK") }
        routes.at(.get, "/version", requires: .public, execution: .onEventLoop) { _, _ in .text(mlflowContractVersion) }
        routes.at(.get, "/readyz", requires: .public, execution: .onEventLoop) { _, context in await readiness(context) }
        routes.at(.get, "/metrics", requires: .read(.service)) { _, _ in
            var response = Response.text(metrics.exposition())
            response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return response
        }
    }

    /// Responds with 200 when all required checks pass, otherwise with 503. The body has the status of each check; reasons are logged.
    private func readiness(_ context: ServiceRequestContext) async -> Response {
        var results = JSONObject()
        var isReady = true
        for check in checks {
            do {
                try await check.check()
                results[check.name] = .string("ok")
            } catch {
                if check.isRequired { isReady = false }
                results[check.name] = .string(check.isRequired ? "unavailable" : "degraded: \(error)")
                context.logger.warning(
                    check.isRequired ? "not ready" : "degraded", metadata: ["check": "\(check.name)", "cause": "\(error)"])
            }
        }
        let body = JSONValue.object(
            JSONObject([
                .init(name: "status", value: .string(isReady ? "ready" : "not ready")),
                .init(name: "checks", value: .object(results)),
            ]))
        return .json(body, status: isReady ? .ok : .serviceUnavailable)
    }
}

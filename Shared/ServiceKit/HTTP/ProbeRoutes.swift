package import Database
internal import Hummingbird
internal import HTTPTypes
internal import Logging
internal import WireProtocol

/// The MLflow release whose contract our services speak; clients ask `/version` for it before they use newer calls.
package let mlflowContractVersion = "3.17.2"

/// One thing that must work before a service can take requests.
package struct ReadinessCheck: Sendable {
    package let name: String
    /// Whether nothing can be served while it fails; otherwise it is only told.
    package let isRequired: Bool
    private let probe: SingleFlightProbe

    /// - Parameter check: throws what is wrong. Taking more than two seconds counts as failing.
    package init(_ name: String, isRequired: Bool = true, _ check: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.isRequired = isRequired
        probe = SingleFlightProbe(timeout: .seconds(2), check)
    }

    /// - Throws: what is wrong.
    package func check() async throws { try await probe.run() }

    /// The database answers.
    package static func database(_ database: any Database) -> ReadinessCheck {
        ReadinessCheck("database") {
            try await database.read(.probe) { connection in _ = try connection.exists("SELECT 1") }
        }
    }
}

/// `/health`, `/livez`, `/readyz`, `/version` and `/metrics`.
package struct ProbeRoutes: Sendable {
    let metrics: ServiceMetrics
    let database: (any Database)?
    let checks: [ReadinessCheck]

    package init(metrics: ServiceMetrics, database: (any Database)?, checks: [ReadinessCheck]) {
        self.metrics = metrics
        self.database = database
        self.checks = checks
    }

    package func register(on routes: APIRoutes) {
        routes.at(.get, "/health") { _, _ in .text("OK") }
        routes.at(.get, "/livez") { _, _ in .text("OK") }
        routes.at(.get, "/version") { _, _ in .text(mlflowContractVersion) }
        routes.at(.get, "/readyz") { _, context in await readiness(context) }
        routes.at(.get, "/metrics") { _, _ in
            var response = Response.text(metrics.exposition(database: database?.statistics))
            response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return response
        }
    }

    /// 200 when every check passes, otherwise 503; the body names each check and its state. Reasons go to the log.
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
                context.logger.warning(check.isRequired ? "not ready" : "degraded", metadata: ["check": "\(check.name)", "cause": "\(error)"])
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

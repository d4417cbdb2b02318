package import Database
package import ServiceKit
package import ServiceLifecycle

extension ServiceHost {
    /// Serves as `run(checks:services:)` does, and closes the database at the end. Adds the database's metrics.
    ///
    /// - Throws: `ListenError` when the address can't be bound or resolved.
    package func run(
        database: any Database, checks: [ReadinessCheck], services: [any ServiceLifecycle.Service] = []
    ) async throws {
        metrics.collect { database.statistics.write(to: &$0) }
        try await run(checks: checks, services: [ShutdownAction { await database.close() }] + services)
    }
}

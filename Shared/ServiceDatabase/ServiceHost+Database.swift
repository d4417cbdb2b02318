package import Database
package import ServiceKit

extension ServiceHost {
    /// Serves until SIGTERM or SIGINT, then stops accepting connections, finishes the requests in flight, calls `resources` and closes the
    /// database. Adds the database's metrics.
    ///
    /// - Throws: `ConfigurationError` or `ListenError` when the address can't be bound or resolved.
    package func run(database: any Database, checks: [ReadinessCheck], closing resources: @Sendable () async -> Void = {}) async throws {
        metrics.add { database.statistics.write(to: &$0) }
        try await run(checks: checks) {
            await resources()
            await database.close()
        }
    }
}

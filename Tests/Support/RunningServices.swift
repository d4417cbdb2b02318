internal import Logging
package import ServiceLifecycle

/// Runs services in a group while `body` runs, then shuts them down gracefully.
@discardableResult
package func withServices<Result: Sendable>(
    _ services: [any ServiceLifecycle.Service], _ body: () async throws -> Result
) async throws -> Result {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger))
    async let ending: Void = group.run()
    let result = try await body()
    await group.triggerGracefulShutdown()
    try await ending
    return result
}

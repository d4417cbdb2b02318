internal import ServiceLifecycle

/// Does something when the service group shuts down, after the services that follow it in the group: closes what they use, such as a
/// database or an HTTP client.
package struct ShutdownAction: ServiceLifecycle.Service {
    private let action: @Sendable () async -> Void

    package init(_ action: @escaping @Sendable () async -> Void) {
        self.action = action
    }

    /// Waits for the shutdown or the task's cancellation, then does it.
    package func run() async {
        try? await gracefulShutdown()
        await action()
    }
}

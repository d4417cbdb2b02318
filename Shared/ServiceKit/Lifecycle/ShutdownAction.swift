internal import ServiceLifecycle

/// Does something when the service group shuts down, after the services that follow it in the group: closes what they use, such as a
/// database or an HTTP client.
package struct ShutdownAction: ServiceLifecycle.Service {
    private let action: @Sendable () async -> Void

    package init(_ action: @escaping @Sendable () async -> Void) {
        self.action = action
    }

    /// Waits for the shutdown. When the group is cancelled instead, all its services stop at once and may still use what the action would
    /// close, so nothing is done; the process ends.
    package func run() async {
        guard (try? await gracefulShutdown()) != nil else { return }
        await action()
    }
}

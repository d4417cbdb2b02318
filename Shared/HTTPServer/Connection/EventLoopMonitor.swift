internal import Logging
internal import Synchronization

/// Finds handlers that block an event loop: logs each turn, from one suspension to the next, that takes too long.
final class EventLoopMonitor: Sendable {
    /// The longest turn that isn't logged.
    static let threshold = Duration.milliseconds(20)

    private let logger: Logger
    private let route = Mutex("-")

    init(logger: Logger) {
        self.logger = logger
    }

    /// The monitor of a connection; `nil` in a release build.
    static func debug(_ logger: Logger) -> EventLoopMonitor? {
        #if DEBUG
            EventLoopMonitor(logger: logger)
        #else
            nil
        #endif
    }

    /// Sets the route of the request that is handled from now on.
    func willHandle(route path: String) { route.withLock { $0 = path } }

    func measure(_ turn: () -> Void) {
        let start = ContinuousClock.now
        turn()
        let duration = ContinuousClock.now - start
        guard duration > Self.threshold else { return }
        logger.warning(
            "the event loop was blocked", metadata: ["route": "\(route.withLock { $0 })", "duration": "\(duration)"])
    }
}

package import Primitives

/// A service's clock. Tests inject their own.
package struct TimeSource: Sendable {
    /// The current time.
    package var now: @Sendable () -> UnixMilliseconds

    package init(now: @escaping @Sendable () -> UnixMilliseconds) {
        self.now = now
    }

    /// The system's clock.
    package static let system = TimeSource { .now }
}

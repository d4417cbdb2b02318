internal import Foundation

/// A service's clock. Tests inject their own.
package struct TimeSource: Sendable {
    /// The current time in milliseconds since 1970.
    package var now: @Sendable () -> Int64

    package init(now: @escaping @Sendable () -> Int64) {
        self.now = now
    }

    /// The system's clock.
    package static let system = TimeSource { Int64(Date().timeIntervalSince1970 * 1000) }
}

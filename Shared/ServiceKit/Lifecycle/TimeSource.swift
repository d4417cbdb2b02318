internal import Foundation

/// Where a service gets the time from; tests hand in their own.
package struct TimeSource: Sendable {
    /// Milliseconds since 1970.
    package var now: @Sendable () -> Int64

    package init(now: @escaping @Sendable () -> Int64) {
        self.now = now
    }

    package static let system = TimeSource { Int64(Date().timeIntervalSince1970 * 1000) }
}

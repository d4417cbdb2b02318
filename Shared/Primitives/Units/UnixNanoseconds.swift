internal import Glibc

/// A point in time, in nanoseconds since 1970-01-01 00:00 UTC, as in OpenTelemetry's spans.
package struct UnixNanoseconds: IntegerQuantity {
    package var rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// The system's time.
    package static var now: Self {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Self(Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    /// Times beyond the years 1677 to 2262 become the nearest that fits.
    package init(_ time: UnixMilliseconds) {
        rawValue = time.rawValue.saturatingMultiply(by: 1_000_000)
    }

    package static func + (time: Self, duration: Duration) -> Self { Self(time.rawValue.saturatingAdd(duration.nanoseconds)) }
    package static func - (time: Self, duration: Duration) -> Self { Self(time.rawValue.saturatingSubtract(duration.nanoseconds)) }

    package static func - (later: Self, earlier: Self) -> Duration { .nanoseconds(later.rawValue.saturatingSubtract(earlier.rawValue)) }
}

internal import Glibc

/// A point in time, in milliseconds since 1970-01-01 00:00 UTC.
package struct UnixMilliseconds: IntegerQuantity {
    package var rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// The system's time.
    package static var now: Self { Self(UnixNanoseconds.now) }

    package init(_ time: UnixNanoseconds) { rawValue = time.rawValue.flooringDivide(by: 1_000_000).quotient }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { rawValue.flooringDivide(by: 1000).quotient }

    /// Whole milliseconds later.
    package static func + (time: Self, duration: Duration) -> Self { Self(time.rawValue.saturatingAdd(duration.milliseconds)) }

    /// Whole milliseconds earlier.
    package static func - (time: Self, duration: Duration) -> Self { Self(time.rawValue.saturatingSubtract(duration.milliseconds)) }

    package static func + (time: Self, duration: Milliseconds) -> Self { Self(time.rawValue.saturatingAdd(duration.rawValue)) }

    package static func - (later: Self, earlier: Self) -> Duration { .milliseconds(later.rawValue.saturatingSubtract(earlier.rawValue)) }
}

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

extension Duration {
    /// Whole milliseconds, rounded towards zero; the nearest value that fits if there are too many.
    package var milliseconds: Int64 { whole(attoseconds: 1_000_000_000_000_000) }

    /// Whole microseconds, rounded towards zero; the nearest value that fits if there are too many.
    package var microseconds: Int64 { whole(attoseconds: 1_000_000_000_000) }

    /// Whole nanoseconds, rounded towards zero; the nearest value that fits if there are too many.
    package var nanoseconds: Int64 { whole(attoseconds: 1_000_000_000) }

    /// - Parameter unit: the length of the unit.
    private func whole(attoseconds unit: Int64) -> Int64 {
        // Divisions of 128 bits are slow, and a duration below nine seconds has less than 64.
        if let short = Int64(exactly: attoseconds) { return short / unit }
        return Int64(clamping: attoseconds / Int128(unit))
    }
}

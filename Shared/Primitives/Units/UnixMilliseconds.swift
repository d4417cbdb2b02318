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

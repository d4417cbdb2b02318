/// Intervals of equal length, one of which begins at 1970.
struct TimeBuckets: Sendable {
    /// Milliseconds; positive.
    let interval: Int64

    /// When the interval begins that has a time, in milliseconds since 1970.
    func start(of time: Int64) -> Int64 {
        let rest = time % interval
        let (start, isTooSmall) = time.subtractingReportingOverflow(rest < 0 ? rest + interval : rest)
        return isTooSmall ? .min : start
    }

    /// Makes `start` the start of the interval that has a time. It is quick when that is so already, as for most rows of an index.
    func move(_ start: inout Int64, to time: Int64) {
        let distance = time &- start
        if distance < 0 || distance >= interval || time < start { start = self.start(of: time) }
    }

    /// When the first and the last interval of a range begin, if they are at most so many and all of their times are numbers.
    func starts(from first: Int64, through last: Int64, limit: Int64) -> ClosedRange<Int64>? {
        guard first <= last else { return nil }
        let (start, end) = (start(of: first), start(of: last))
        let (span, isTooLong) = end.subtractingReportingOverflow(start)
        let hasEnd = !end.addingReportingOverflow(interval).overflow
        return isTooLong || span / interval >= limit || start == .min || !hasEnd ? nil : start...end
    }
}

/// Time intervals of equal length, aligned to 1970-01-01.
struct TimeBuckets: Sendable {
    /// The length in milliseconds; positive.
    let interval: Int64

    /// The start of the interval that contains a time, in milliseconds since 1970.
    func start(of time: Int64) -> Int64 {
        let rest = time % interval
        let (start, isTooSmall) = time.subtractingReportingOverflow(rest < 0 ? rest + interval : rest)
        return isTooSmall ? .min : start
    }

    /// Sets `start` to the start of the interval that contains a time. Returns early if it already is, as for most rows of an
    /// index.
    func move(_ start: inout Int64, to time: Int64) {
        let distance = time &- start
        if distance < 0 || distance >= interval || time < start { start = self.start(of: time) }
    }

    /// The first and the last start of the intervals that cover a range; `nil` if there are more than `limit` or a time overflows.
    func starts(from first: Int64, through last: Int64, limit: Int64) -> ClosedRange<Int64>? {
        guard first <= last else { return nil }
        let (start, end) = (start(of: first), start(of: last))
        let (span, isTooLong) = end.subtractingReportingOverflow(start)
        let hasEnd = !end.addingReportingOverflow(interval).overflow
        return isTooLong || span / interval >= limit || start == .min || !hasEnd ? nil : start...end
    }
}

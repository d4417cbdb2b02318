internal import Primitives

/// The time after which a limit is reset. Periods are aligned to 1970 in UTC, weeks to Mondays and months to the calendar, so that
/// all replicas agree on them.
enum Period: Sendable, Equatable {
    case seconds(Int64)
    case month

    static let minute = Period.seconds(60)
    static let hour = Period.seconds(3600)
    static let day = Period.seconds(86400)
    static let week = Period.seconds(604_800)

    static let names: [(String, Period)] = [
        ("second", .seconds(1)), ("minute", .minute), ("hour", .hour), ("day", .day), ("week", .week), ("month", .month),
    ]

    /// Returns the window that contains a time, in seconds since 1970: `start` is included, `end` is not.
    func window(at second: Int64) -> (start: Int64, end: Int64) {
        switch self {
        case .seconds(let length):
            // 1970 began on a Thursday.
            let offset: Int64 = length == 604_800 ? 345_600 : 0
            let start = ((second - offset) / length) * length + offset
            return (start, start + length)
        case .month:
            let date = CivilDate(daysSince1970: second / 86400)
            return (date.startOfMonth.daysSince1970 * 86400, date.startOfNextMonth.daysSince1970 * 86400)
        }
    }
}

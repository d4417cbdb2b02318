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
            let (year, month) = CivilDate.yearAndMonth(ofDay: second / 86400)
            let next = month == 12 ? (year + 1, Int64(1)) : (year, month + 1)
            return (CivilDate.day(year: year, month: month) * 86400, CivilDate.day(year: next.0, month: next.1) * 86400)
        }
    }
}

/// Gregorian calendar arithmetic, from "chrono-Compatible Low-Level Date Algorithms" by Howard Hinnant.
enum CivilDate {
    /// Returns the first day of a month, in days since 1970-01-01.
    static func day(year: Int64, month: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Returns the year and month of a day.
    ///
    /// - Parameter day: in days since 1970-01-01; not negative.
    static func yearAndMonth(ofDay day: Int64) -> (year: Int64, month: Int64) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
    }
}

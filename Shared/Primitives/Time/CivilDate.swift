/// A date in the Gregorian calendar, in UTC. Years before 1 are counted as in ISO 8601: 0 is 1 BC.
///
/// The algorithms are those of "chrono-Compatible Low-Level Date Algorithms" by Howard Hinnant: years start in March, so that a leap day is
/// the last day of its year, and the calendar repeats after 400 years.
package struct CivilDate: Sendable, Hashable {
    package var year: Int64
    /// 1 to 12.
    package var month: Int64
    /// 1 to 31.
    package var day: Int64

    private static let daysPerCycle: Int64 = 146_097
    /// The days from March 1 of year 0 to 1970.
    private static let daysBefore1970: Int64 = 719_468

    package init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// - Parameter days: days since 1970-01-01.
    package init(daysSince1970 days: Int64) {
        let (cycle, dayOfCycle) = days.saturatingAdd(Self.daysBefore1970).flooringDivide(by: Self.daysPerCycle)
        // Every fourth year has a leap day, except every hundredth but the last of the cycle.
        let leapDays = dayOfCycle / 1460 - dayOfCycle / 36_524 + dayOfCycle / (Self.daysPerCycle - 1)
        let yearOfCycle = (dayOfCycle - leapDays) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        // From March, the months' lengths repeat as 31, 30, 31, 30, 31 days: 153 in five months.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = 400 * cycle + yearOfCycle + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01, for years up to a trillion.
    package var daysSince1970: Int64 {
        let (cycle, yearOfCycle) = (month <= 2 ? year - 1 : year).flooringDivide(by: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return cycle * Self.daysPerCycle + yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear - Self.daysBefore1970
    }

    /// Whether the month has the day.
    package var isValid: Bool {
        guard (1...12).contains(month), (1...31).contains(day) else { return false }
        return day <= 28 || CivilDate(daysSince1970: daysSince1970) == self
    }

    /// The first day of the month.
    package var startOfMonth: CivilDate { CivilDate(year: year, month: month, day: 1) }

    /// The first day of the next month.
    package var startOfNextMonth: CivilDate {
        month == 12 ? CivilDate(year: year + 1, month: 1, day: 1) : CivilDate(year: year, month: month + 1, day: 1)
    }
}

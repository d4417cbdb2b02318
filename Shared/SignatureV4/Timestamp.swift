/// A moment in ISO 8601's basic form, UTC, as signatures have it.
struct Timestamp {
    /// `20150830T123600Z`
    let amzDate: String
    /// `20150830`
    let dateStamp: String

    private static let secondsPerDay: Int64 = 86_400
    /// In four centuries the calendar repeats itself.
    private static let daysPerCycle: Int64 = 146_097
    /// From the first of March of the year 0 to 1970.
    private static let daysBefore1970: Int64 = 719_468

    /// - Parameter seconds: since 1970. Years outside 0 to 9999, which no signature has, come out in as many digits as they need.
    init(_ seconds: Int64) {
        let (days, second) = Self.divide(seconds, by: Self.secondsPerDay)
        dateStamp = Self.date(days: days)
        amzDate = "\(dateStamp)T\(Self.digits(second / 3600))\(Self.digits(second / 60 % 60))\(Self.digits(second % 60))Z"
    }

    /// The date in the Gregorian calendar. Years are counted from March on, so that the leap day is the last one of its year.
    private static func date(days: Int64) -> String {
        let (cycle, dayOfCycle) = divide(days + daysBefore1970, by: daysPerCycle)
        // A fourth year has a leap day, a hundredth none, the last of the cycle one again.
        let leapDays = dayOfCycle / 1460 - dayOfCycle / 36_524 + dayOfCycle / (daysPerCycle - 1)
        let yearOfCycle = (dayOfCycle - leapDays) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        // From March on the months have 31, 30, 31, 30, 31 days, again and again: 153 in five.
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let isAfterNewYear = month >= 10
        let year = 400 * cycle + yearOfCycle + (isAfterNewYear ? 1 : 0)
        return "\(digits(year, count: 4))\(digits(isAfterNewYear ? month - 9 : month + 3))\(digits(dayOfMonth))"
    }

    /// Quotient and remainder, which is never negative.
    private static func divide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func digits(_ number: Int64, count: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

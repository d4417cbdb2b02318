/// A UTC time in ISO 8601's basic format, as in signatures.
struct Timestamp {
    /// `20150830T123600Z`
    let amzDate: String
    /// `20150830`
    let dateStamp: String

    private static let secondsPerDay: Int64 = 86_400
    /// The Gregorian calendar repeats after 400 years.
    private static let daysPerCycle: Int64 = 146_097
    /// The days from March 1 of year 0 to 1970.
    private static let daysBefore1970: Int64 = 719_468

    /// - Parameter seconds: seconds since 1970. Years after 9999, which don't occur in signatures, have more than four digits.
    init(_ seconds: Int64) {
        let (days, second) = Self.divide(seconds, by: Self.secondsPerDay)
        dateStamp = Self.date(days: days)
        amzDate = "\(dateStamp)T\(Self.digits(second / 3600))\(Self.digits(second / 60 % 60))\(Self.digits(second % 60))Z"
    }

    /// The date in the Gregorian calendar. Years start in March internally, so that a leap day is the last day of its year.
    private static func date(days: Int64) -> String {
        let (cycle, dayOfCycle) = divide(days + daysBefore1970, by: daysPerCycle)
        // Every fourth year has a leap day, except every hundredth but the last of the cycle.
        let leapDays = dayOfCycle / 1460 - dayOfCycle / 36_524 + dayOfCycle / (daysPerCycle - 1)
        let yearOfCycle = (dayOfCycle - leapDays) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        // From March, the months' lengths repeat as 31, 30, 31, 30, 31 days: 153 in five months.
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let isAfterNewYear = month >= 10
        let year = 400 * cycle + yearOfCycle + (isAfterNewYear ? 1 : 0)
        return "\(digits(year, count: 4))\(digits(isAfterNewYear ? month - 9 : month + 3))\(digits(dayOfMonth))"
    }

    /// The floored quotient and the non-negative remainder.
    private static func divide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func digits(_ number: Int64, count: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

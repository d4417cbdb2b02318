/// Converts times and durations between milliseconds and protobuf's JSON form (protobuf.dev/programming-guides/json): RFC 3339 in
/// UTC for times, and seconds with the suffix `s` for durations.
package enum ProtobufTime {
    /// The range of `google.protobuf.Timestamp`: the years 1 to 9999.
    private static let range: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    package static func text(_ milliseconds: Int64) -> String {
        let time = min(max(milliseconds, range.lowerBound), range.upperBound)
        let (days, rest) = (floor(time, 86_400_000), modulo(time, 86_400_000))
        let (year, month, day) = date(days)
        let clock = "\(padded(rest / 3_600_000, 2)):\(padded(rest / 60_000 % 60, 2)):\(padded(rest / 1000 % 60, 2))"
        let fraction = rest % 1000 == 0 ? "" : ".\(padded(rest % 1000, 3))"
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(clock)\(fraction)Z"
    }

    /// - Returns: milliseconds since 1970; `nil` if the string isn't a valid time.
    package static func milliseconds(_ text: String) -> Int64? {
        let pattern = /(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))/
        guard text.utf8.count <= 64, text.utf8.allSatisfy({ $0 < 0x80 }), let match = text.wholeMatch(of: pattern)?.output,
            let year = Int64(match.1), let month = Int64(match.2), let day = Int64(match.3), let hour = Int64(match.4),
            let minute = Int64(match.5), let second = Int64(match.6), year > 0, (1...12).contains(month), (1...31).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let fraction = match.7.map { Int64(String($0.prefix(3)).padding(3)) ?? 0 } ?? 0
        var minutes = hour * 60 + minute
        if let sign = match.8, let hours = match.9.flatMap({ Int64($0) }), let rest = match.10.flatMap({ Int64($0) }) {
            minutes -= (sign == "-" ? -1 : 1) * (hours * 60 + rest)
        }
        return ((days(year, month, day) * 1440 + minutes) * 60 + second) * 1000 + fraction
    }

    package static func durationText(_ milliseconds: Int64) -> String {
        let size = milliseconds.magnitude
        let sign = milliseconds < 0 ? "-" : ""
        return size % 1000 == 0 ? "\(sign)\(size / 1000)s" : "\(sign)\(size / 1000).\(padded(Int64(size % 1000), 3))s"
    }

    /// - Returns: milliseconds; `nil` if the string isn't a valid duration.
    package static func duration(_ text: String) -> Int64? {
        let pattern = /(-?)(\d{1,12})(?:\.(\d{1,9}))?s/
        guard text.utf8.count <= 64, text.utf8.allSatisfy({ $0 < 0x80 }), let match = text.wholeMatch(of: pattern)?.output,
            let seconds = Int64(match.2)
        else { return nil }
        let fraction = match.3.map { Int64(String($0.prefix(3)).padding(3)) ?? 0 } ?? 0
        return (match.1.isEmpty ? 1 : -1) * (seconds * 1000 + fraction)
    }

    // MARK: The calendar

    /// Days since 1970-01-01 of a date in the Gregorian calendar. Years are counted from March, so that the leap day is the last
    /// day of a year.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (floor(year, 400), modulo(year, 400))
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (floor(days + 719_468, 146_097), modulo(days + 719_468, 146_097))
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 { (value - modulo(value, divisor)) / divisor }

    private static func modulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = "\(value)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension String {
    /// The string padded with trailing zeros to a length.
    fileprivate func padding(_ length: Int) -> String { self + String(repeating: "0", count: max(0, length - count)) }
}

/// HTTP's date format (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
package enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Formats a time.
    ///
    /// - Parameter second: seconds since 1970.
    package static func format(_ second: Int) -> String {
        let time = CivilTime(secondsSince1970: Int64(second))
        var text: [UInt8] = []
        text.reserveCapacity(29)
        text += "\(days[time.dayOfWeek]), ".utf8
        text.append(decimal: time.date.day, width: 2)
        text += " \(months[Int(time.date.month) - 1]) ".utf8
        text.append(decimal: time.date.year, width: 4)
        for (separator, number) in [(" ", time.hour), (":", time.minute), (":", time.second)] {
            text += separator.utf8
            text.append(decimal: number, width: 2)
        }
        text += " GMT".utf8
        return String(decoding: text, as: UTF8.self)
    }

    /// Parses the output of `format`. The two obsolete formats of RFC 9110 aren't supported.
    ///
    /// - Returns: seconds since 1970; `nil` if the string isn't a valid date.
    package static func parse(_ text: String) -> Int? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, let month = months.firstIndex(where: { $0 == words[2] }) else { return nil }
        let numbers = ([words[1], words[3]] + words[4].split(separator: ":")).compactMap { Int32($0).map(Int64.init) }
        guard numbers.count == 5 else { return nil }
        let date = CivilDate(year: numbers[1], month: Int64(month) + 1, day: numbers[0])
        let second = Int(date.daysSince1970 * 86_400 + numbers[2] * 3600 + numbers[3] * 60 + numbers[4])
        // Formatting the result again detects an impossible day, such as the 36th, and a wrong day of the week.
        return format(second) == text ? second : nil
    }
}

internal import Glibc

/// The current time in HTTP's date format (RFC 9110, section 5.6.7), cached for one second.
package struct HTTPDate {
    private var second = 0
    private var text = ""

    mutating func now() -> String {
        let now = time(nil)
        if now != second {
            second = now
            text = Self.format(now)
        }
        return text
    }

    /// Formats a time.
    ///
    /// - Parameter second: seconds since 1970.
    package static func format(_ second: Int) -> String {
        var second = second
        var parts = tm()
        gmtime_r(&second, &parts)
        // The names of days and months are English because no service sets a locale.
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
            let count = strftime(buffer.baseAddress, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(decoding: buffer.prefix(count).lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// Parses the output of `format`. The two obsolete formats of RFC 9110 aren't supported.
    ///
    /// - Returns: seconds since 1970; `nil` if the string isn't a valid date.
    package static func parse(_ text: String) -> Int? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, let month = months.firstIndex(of: words[2]) else { return nil }
        let numbers = ([words[1], words[3]] + words[4].split(separator: ":")).compactMap { Int32($0) }
        guard numbers.count == 5 else { return nil }
        var parts = tm()
        (parts.tm_mday, parts.tm_mon, parts.tm_year) = (numbers[0], Int32(month), numbers[1] &- 1900)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[2], numbers[3], numbers[4])
        let second = timegm(&parts)
        // Formatting the result again detects an impossible day, such as the 36th, and a wrong day of the week.
        return Self.format(second) == text ? second : nil
    }

    private static let months: [Substring] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

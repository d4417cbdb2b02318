extension ISO8601 {
    /// Parses RFC 3339's format: `2026-11-30T16:10:12.345Z` or `…+01:00`, with up to nine digits after the decimal point, of which the
    /// first three count.
    ///
    /// - Returns: `nil` if the string isn't a valid time, or has a leap second, or the year 0.
    package static func time(_ text: String) -> UnixMilliseconds? {
        var parser = ISO8601Parser(text)
        guard let date = parser.date(), date.year > 0, parser.skip("T", or: "t"), let time = parser.timeOfDay(),
            let offset = parser.offset(), parser.isAtEnd
        else { return nil }
        return UnixMilliseconds(date.daysSince1970 * 86_400_000 + time - offset)
    }

    /// Parses `2026-11-30`, or `nil` if the string isn't a valid date.
    package static func date(_ text: String) -> CivilDate? {
        var parser = ISO8601Parser(text)
        guard let date = parser.date(), date.year > 0, parser.isAtEnd else { return nil }
        return date
    }

    /// Parses a date, which is its start in UTC, or a time in RFC 3339's format; `nil` if the string is neither.
    package static func timeOrDate(_ text: String) -> UnixMilliseconds? {
        time(text) ?? date(text).map { UnixMilliseconds($0.daysSince1970 * 86_400_000) }
    }
}

/// Consumes the parts of a time in RFC 3339's format. Each method returns `nil` if its part isn't next.
private struct ISO8601Parser {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func date() -> CivilDate? {
        guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2) else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        return date.isValid ? date : nil
    }

    /// The milliseconds since midnight.
    mutating func timeOfDay() -> Int64? {
        guard let hour = number(2), hour < 24, skip(":"), let minute = number(2), minute < 60, skip(":"),
            let second = number(2), second < 60
        else { return nil }
        let milliseconds = ((hour * 60 + minute) * 60 + second) * 1000
        guard skip(".") else { return milliseconds }
        return fraction().map { milliseconds + $0 }
    }

    /// The milliseconds by which the local time is ahead of UTC.
    mutating func offset() -> Int64? {
        if skip("Z", or: "z") { return 0 }
        let isBehind = skip("-")
        guard isBehind || skip("+"), let hours = number(2), hours < 24, skip(":"), let minutes = number(2), minutes < 60 else { return nil }
        return (isBehind ? -1 : 1) * (hours * 60 + minutes) * 60_000
    }

    /// Consumes a character.
    mutating func skip(_ character: Unicode.Scalar, or other: Unicode.Scalar? = nil) -> Bool {
        guard let byte = rest.first, byte == character.value || byte == other?.value ?? character.value else { return false }
        rest.removeFirst()
        return true
    }

    /// One to nine digits as milliseconds.
    private mutating func fraction() -> Int64? {
        var milliseconds: Int64 = 0
        var count = 0
        while count < 9, let digit = digit() {
            if count < 3 { milliseconds = milliseconds * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in count..<max(count, 3) { milliseconds *= 10 }
        return milliseconds
    }

    private mutating func number(_ width: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<width {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    private mutating func digit() -> Int64? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        rest.removeFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }
}

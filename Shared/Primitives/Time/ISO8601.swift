/// Formats of dates and times, in UTC: RFC 3339's profile of ISO 8601 (`2026-11-30T16:10:12.345Z`), and ISO 8601's basic format.
package enum ISO8601 {
    /// How many digits a second has after the decimal point.
    package enum Fraction: Sendable {
        case none
        /// Three, or none for a whole second.
        case millisecondsUnlessZero
        case milliseconds
    }

    /// `2026-11-30T16:10:12Z`
    package static func text(_ time: UnixMilliseconds, fraction: Fraction) -> String {
        let time = CivilTime(time)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        append(time.date, separator: true, to: &text)
        text.append(UInt8(ascii: "T"))
        append(time, separator: true, to: &text)
        if fraction == .milliseconds || (fraction == .millisecondsUnlessZero && time.millisecond != 0) {
            text.append(UInt8(ascii: "."))
            text.append(decimal: time.millisecond, width: 3)
        }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// `2026-11-30`
    package static func text(_ date: CivilDate) -> String {
        var text: [UInt8] = []
        append(date, separator: true, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// ISO 8601's basic format: `20261130`
    package static func basicText(_ date: CivilDate) -> String {
        var text: [UInt8] = []
        append(date, separator: false, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// ISO 8601's basic format: `20261130T161012Z`
    package static func basicText(_ time: CivilTime) -> String {
        var text: [UInt8] = []
        append(time.date, separator: false, to: &text)
        text.append(UInt8(ascii: "T"))
        append(time, separator: false, to: &text)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ date: CivilDate, separator: Bool, to text: inout [UInt8]) {
        text.append(decimal: date.year, width: 4)
        if separator { text.append(UInt8(ascii: "-")) }
        text.append(decimal: date.month, width: 2)
        if separator { text.append(UInt8(ascii: "-")) }
        text.append(decimal: date.day, width: 2)
    }

    private static func append(_ time: CivilTime, separator: Bool, to text: inout [UInt8]) {
        text.append(decimal: time.hour, width: 2)
        if separator { text.append(UInt8(ascii: ":")) }
        text.append(decimal: time.minute, width: 2)
        if separator { text.append(UInt8(ascii: ":")) }
        text.append(decimal: time.second, width: 2)
    }
}

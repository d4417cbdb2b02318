/// A point in time as a date and a time of day, in UTC and without leap seconds.
package struct CivilTime: Sendable, Hashable {
    package var date: CivilDate
    package var hour: Int64
    package var minute: Int64
    package var second: Int64
    package var millisecond: Int64 = 0

    /// - Parameter seconds: seconds since 1970.
    package init(secondsSince1970 seconds: Int64) {
        let (days, rest) = seconds.flooringDivide(by: 86_400)
        date = CivilDate(daysSince1970: days)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    }

    package init(_ time: UnixMilliseconds) {
        let (seconds, rest) = time.rawValue.flooringDivide(by: 1000)
        self.init(secondsSince1970: seconds)
        millisecond = rest
    }

    /// Sunday is 0.
    package var dayOfWeek: Int {
        // 1970 began on a Thursday.
        Int((date.daysSince1970 + 4).flooringDivide(by: 7).remainder)
    }
}

extension [UInt8] {
    /// Appends a number in decimal digits, with leading zeros. A number with more digits isn't cut.
    mutating func append(decimal number: Int64, width: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        let start = count
        var rest = number.magnitude
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0 || count - start < width
        self[start...].reverse()
    }
}

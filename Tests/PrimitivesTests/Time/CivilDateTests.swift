import FoundationEssentials
import Primitives
import Testing

@Suite struct CivilDateTests {
    @Test func `Every day of eight centuries matches Foundation's calendar and is converted back`() {
        let style = Date.ISO8601FormatStyle(
            dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted, timeZone: .gmt)
        let first: Int64 = -11_676_096_000  // 1600-01-01
        for day in 0..<Int64(800 * 365 + 194) {
            // A time of day that differs from day to day.
            let seconds = first + day * 86_400 + day * 7919 % 86_400
            let time = CivilTime(secondsSince1970: seconds)
            let expected = Date(timeIntervalSince1970: Double(seconds)).formatted(style)
            guard ISO8601.basicText(time) == expected, time.date.daysSince1970 == first / 86_400 + day, time.date.isValid else {
                Issue.record("\(seconds): \(ISO8601.basicText(time)), and not \(expected)")
                return
            }
        }
    }

    @Test(arguments: [
        (2027, 2, 29, false), (2028, 2, 29, true), (2100, 2, 29, false), (2000, 2, 29, true), (2027, 4, 31, false), (2027, 12, 31, true),
        (2027, 0, 1, false), (2027, 13, 1, false), (2027, 1, 0, false), (2027, 1, 32, false),
    ])
    func `A date is valid if its month has the day`(year: Int64, month: Int64, day: Int64, isValid: Bool) {
        #expect(CivilDate(year: year, month: month, day: day).isValid == isValid)
    }

    @Test func `Months follow each other over the end of a year`() {
        let date = CivilDate(year: 2027, month: 12, day: 31)
        #expect(date.startOfMonth == CivilDate(year: 2027, month: 12, day: 1))
        #expect(date.startOfNextMonth == CivilDate(year: 2028, month: 1, day: 1))
        #expect(date.startOfMonth.startOfNextMonth == date.startOfNextMonth)
    }

    @Test func `Division rounds down`() {
        #expect(Int64(-1).flooringDivide(by: 10) == (-1, 9))
        #expect(Int64(-10).flooringDivide(by: 10) == (-1, 0))
        #expect(Int64(19).flooringDivide(by: 10) == (1, 9))
        #expect(Int64.min.flooringDivide(by: 1000).remainder == 192)
    }

    @Test(arguments: [Int64.min, .max])
    func `An extreme time doesn't crash the process`(number: Int64) {
        #expect(ISO8601.basicText(CivilTime(secondsSince1970: number)).hasSuffix("Z"))
        #expect(ISO8601.text(UnixMilliseconds(number), fraction: .milliseconds).hasSuffix("Z"))
        #expect((1...31).contains(CivilDate(daysSince1970: number).day))
    }
}

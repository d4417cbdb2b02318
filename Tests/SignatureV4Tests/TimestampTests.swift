import FoundationEssentials
import Testing

@testable import SignatureV4

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "19700101T000000Z"), (1_440_938_160, "20150830T123600Z"), (951_868_799, "20000229T235959Z"),
        (951_868_800, "20000301T000000Z"), (4_107_542_399, "21000228T235959Z"), (4_107_542_400, "21000301T000000Z"),
        (-1, "19691231T235959Z"), (253_402_300_799, "99991231T235959Z"), (-62_167_219_200, "00000101T000000Z"),
    ])
    func `A time is formatted in ISO 8601's basic format`(seconds: Int64, text: String) {
        #expect(Timestamp(seconds).amzDate == text)
        #expect(Timestamp(seconds).dateStamp == String(text.prefix(8)))
    }

    @Test func `Every day of eight centuries matches Foundation's calendar`() {
        let style = Date.ISO8601FormatStyle(
            dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted, timeZone: .gmt)
        let first: Int64 = -11_676_096_000  // 1600-01-01
        for day in 0..<Int64(800 * 365 + 194) {
            // A time of day that differs from day to day.
            let seconds = first + day * 86_400 + day * 7919 % 86_400
            let expected = Date(timeIntervalSince1970: Double(seconds)).formatted(style)
            guard Timestamp(seconds).amzDate == expected else {
                Issue.record("\(seconds): \(Timestamp(seconds).amzDate), and not \(expected)")
                return
            }
        }
    }

    @Test(arguments: [Int64.min, .max])
    func `An invalid time doesn't crash the process`(seconds: Int64) {
        #expect(Timestamp(seconds).amzDate.hasSuffix("Z"))
    }
}

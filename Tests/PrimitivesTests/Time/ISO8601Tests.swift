import Primitives
import Testing

@Suite struct ISO8601Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0 as Int64), ("2026-11-27T03:59:08.701Z", 1_795_751_948_701), ("2024-02-29T23:59:59Z", 1_709_251_199_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("1969-12-31T23:59:59.999Z", -1),
    ])
    func `Times are parsed and formatted`(text: String, milliseconds: Int64) {
        #expect(ISO8601.time(text) == UnixMilliseconds(milliseconds))
        #expect(ISO8601.text(UnixMilliseconds(milliseconds), fraction: .millisecondsUnlessZero) == text)
    }

    @Test func `A fraction is omitted or always present if asked for`() {
        #expect(ISO8601.text(UnixMilliseconds(1_001), fraction: .none) == "1970-01-01T00:00:01Z")
        #expect(ISO8601.text(UnixMilliseconds(1_000), fraction: .milliseconds) == "1970-01-01T00:00:01.000Z")
    }

    /// The examples of RFC 3339, section 5.8, except the leap seconds.
    @Test(arguments: [
        ("1985-04-12T23:20:50.52Z", 482_196_050_520 as Int64), ("1996-12-19T16:39:57-08:00", 851_042_397_000),
        ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
    ])
    func `The examples of RFC 3339 are parsed`(text: String, milliseconds: Int64) {
        #expect(ISO8601.time(text) == UnixMilliseconds(milliseconds))
    }

    @Test func `Offsets, lower case and up to nine digits of a fraction are parsed`() {
        #expect(ISO8601.time("1970-01-01T02:00:00.123456789+02:00") == UnixMilliseconds(123))
        #expect(ISO8601.time("1970-01-01t00:00:00.1z") == UnixMilliseconds(100))
        #expect(ISO8601.time("1970-01-01T00:00:00-00:30") == UnixMilliseconds(1_800_000))
    }

    @Test(arguments: [
        "", "today", "1970-01-01", "1970-13-01T00:00:00Z", "1970-02-30T00:00:00Z", "1970-00-01T00:00:00Z", "1970-01-01T24:00:00Z",
        "1970-01-01T00:60:00Z", "1990-12-31T23:59:60Z", "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1234567890Z",
        "1970-01-01T00:00:00+0200", "1970-01-01T00:00:00+02", "1970-01-01T00:00:00Zx", " 1970-01-01T00:00:00Z", "1970-1-1T00:00:00Z",
        "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00-01:60", "0000-01-01T00:00:00Z", "-970-01-01T00:00:00Z", "+970-01-01T00:00:00Z",
        "1970-01-01 00:00:00Z", "٢٠٢٤-01-01T00:00:00Z",
    ])
    func `Anything else isn't a time`(text: String) {
        #expect(ISO8601.time(text) == nil)
    }

    @Test func `A date is its start where a time is also possible`() {
        #expect(ISO8601.date("2027-01-31") == CivilDate(year: 2027, month: 1, day: 31))
        #expect(ISO8601.text(CivilDate(year: 2027, month: 1, day: 31)) == "2027-01-31")
        #expect(ISO8601.timeOrDate("2027-01-31") == UnixMilliseconds(1_801_353_600_000))
        #expect(ISO8601.timeOrDate("2027-01-31T12:00:00Z") == UnixMilliseconds(1_801_396_800_000))
        for text in ["2027-02-31", "2027-01-31x", "2027-1-31", "2027-01-31T12:00:00", "20270131"] {
            #expect(ISO8601.timeOrDate(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        (0, "19700101T000000Z"), (1_440_938_160, "20150830T123600Z"), (951_868_799, "20000229T235959Z"),
        (951_868_800, "20000301T000000Z"), (4_107_542_399, "21000228T235959Z"), (4_107_542_400, "21000301T000000Z"),
        (-1, "19691231T235959Z"), (253_402_300_799, "99991231T235959Z"), (-62_167_219_200, "00000101T000000Z"),
    ])
    func `A time is formatted in the basic format`(seconds: Int64, text: String) {
        let time = CivilTime(secondsSince1970: seconds)
        #expect(ISO8601.basicText(time) == text)
        #expect(ISO8601.basicText(time.date) == text.prefix(8))
    }
}

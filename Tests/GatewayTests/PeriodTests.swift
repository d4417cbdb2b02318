import Testing

@testable import Gateway

@Suite struct PeriodTests {
    @Test(arguments: [
        (Period.minute, 1_700_000_000, 1_699_999_980, 1_700_000_040),
        (.hour, 1_700_000_000, 1_699_999_200, 1_700_002_800),
        (.day, 1_700_000_000, 1_699_920_000, 1_700_006_400),
        // 14 November 2023 was a Tuesday; the week began on the 13th.
        (.week, 1_700_000_000, 1_699_833_600, 1_700_438_400),
        (.month, 1_700_000_000, 1_698_796_800, 1_701_388_800),
        // The last second of a leap February, and of a year.
        (.month, 1_709_251_199, 1_706_745_600, 1_709_251_200),
        (.month, 1_704_067_199, 1_701_388_800, 1_704_067_200),
    ])
    func `A window contains its time and ends where the next begins`(period: Period, at: Int64, start: Int64, end: Int64) {
        #expect(period.window(at: at) == (start, end))
        #expect(period.window(at: end).start == end)
        #expect(period.window(at: start).start == start)
    }
}

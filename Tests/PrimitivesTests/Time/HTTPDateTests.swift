import Primitives
import Testing

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_795_962_782, "Sun, 29 Nov 2026 14:33:02 GMT"),
    ])
    func `Dates are in HTTP's format`(second: Int, text: String) {
        #expect(HTTPDate.format(second) == text)
        #expect(HTTPDate.parse(text) == second)
    }

    @Test(arguments: [
        "", "yesterday", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 36 Nov 1994 08:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Sun, 2147483647 Nov 2147483647 2147483647:2147483647:2147483647 GMT", "Sun, -1 Nov -2147483648 00:00:00 GMT",
    ])
    func `Anything else isn't a date`(text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }
}

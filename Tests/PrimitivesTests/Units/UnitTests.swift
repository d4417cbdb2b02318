import Testing

@testable import Primitives

@Suite struct UnitTests {
    @Test func `Units of time are converted to each other`() {
        #expect(UnixMilliseconds(UnixNanoseconds(1_500_000)) == UnixMilliseconds(1))
        #expect(UnixMilliseconds(UnixNanoseconds(-1)) == UnixMilliseconds(-1))
        #expect(UnixNanoseconds(UnixMilliseconds(2)) == UnixNanoseconds(2_000_000))
        #expect(UnixMilliseconds(3000) - UnixMilliseconds(1000) == .seconds(2))
        #expect(UnixMilliseconds(1000) + .seconds(2) == UnixMilliseconds(3000))
        #expect(Duration.milliseconds(-1500).milliseconds == -1500)
        #expect(Duration.seconds(2).microseconds == 2_000_000)
        // Longer than 64 bits of attoseconds.
        #expect(Duration.milliseconds(90_001).nanoseconds == 90_001_000_000)
        #expect(Duration.seconds(-100).milliseconds == -100_000)
    }

    @Test func `Arithmetic saturates instead of trapping`() {
        #expect(UnixNanoseconds(UnixMilliseconds(.max)) == UnixNanoseconds(.max))
        #expect(UnixMilliseconds(.max) + .seconds(1) == UnixMilliseconds(.max))
        #expect(UnixMilliseconds(.min) - .seconds(1) == UnixMilliseconds(.min))
        #expect(UnixMilliseconds(.max) + Milliseconds(1) == UnixMilliseconds(.max))
        #expect(Milliseconds(from: UnixMilliseconds(.min), to: UnixMilliseconds(1)) == Milliseconds(.max))
        #expect(Milliseconds(from: UnixMilliseconds(1), to: UnixMilliseconds(.min)) == Milliseconds(.min))
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.seconds(Int64.min).milliseconds == .min)
        #expect(NanoDollars(.max) + NanoDollars(1) == NanoDollars(.max))
        #expect(NanoDollars(.max) * 2 == NanoDollars(.max) && NanoDollars(.max) * -2 == NanoDollars(.min))
        #expect(NanoDollars(.min) * -1 == NanoDollars(.max))
        #expect(NanoDollars(dollars: 1e300) == NanoDollars(.max))
    }

    @Test func `Fractions of a unit of time are dropped`() {
        #expect(UnixMilliseconds(-1).seconds == -1)
        #expect(UnixMilliseconds(1999).seconds == 1)
        #expect(Microseconds(.nanoseconds(2999)) == Microseconds(2))
        #expect(Microseconds(2_500_000).seconds == 2.5)
    }

    @Test func `The price of tokens is rounded in the given direction`() {
        let price = PicoDollars(1500)
        #expect(NanoDollars(roundingDown: price) == NanoDollars(1) && NanoDollars(roundingUp: price) == NanoDollars(2))
        #expect(NanoDollars(roundingUp: price * 2) == NanoDollars(3))
        #expect(price.scaled(byThousandths: 1001) == PicoDollars(1502))
        #expect(price.scaled(byThousandths: 1000) == price)
        #expect((price * .max).scaled(byThousandths: 1100) == PicoDollars(.max))
        #expect(PicoDollars(2_500_000).dollars == 0.000_002_5)
    }

    @Test func `Money is rounded to the nearest billionth`() {
        #expect(NanoDollars(dollars: 0.000_000_25) == NanoDollars(250))
        #expect(NanoDollars(2_500_000_000).dollars == 2.5)
    }
}

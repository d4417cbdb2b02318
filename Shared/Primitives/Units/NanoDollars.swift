/// An amount of money in billionths of a US dollar, in which the price of a single token is a whole number.
package struct NanoDollars: IntegerQuantity {
    package var rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    package static let zero = NanoDollars(0)

    /// The nearest amount.
    package init(dollars: Double) {
        self.init(Int64(exactly: (dollars * 1e9).rounded()) ?? (dollars < 0 ? .min : .max))
    }

    /// An amount that isn't negative, rounded down.
    package init(roundingDown amount: PicoDollars) { rawValue = amount.rawValue / 1000 }

    /// An amount that isn't negative, rounded up.
    package init(roundingUp amount: PicoDollars) { rawValue = amount.rawValue / 1000 + (amount.rawValue % 1000 == 0 ? 0 : 1) }

    /// The amount in US dollars.
    package var dollars: Double { Double(rawValue) / 1e9 }

    package static func + (left: Self, right: Self) -> Self { Self(left.rawValue.saturatingAdd(right.rawValue)) }
    package static func - (left: Self, right: Self) -> Self { Self(left.rawValue.saturatingSubtract(right.rawValue)) }
    package static func * (amount: Self, count: Int64) -> Self { Self(amount.rawValue.saturatingMultiply(by: count)) }
    package static func += (left: inout Self, right: Self) { left = left + right }
}

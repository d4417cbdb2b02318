/// An amount of money in trillionths of a US dollar, for the prices of single tokens: at one dollar per million tokens, a token costs a
/// million of these.
package struct PicoDollars: IntegerQuantity {
    package var rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// The amount in US dollars.
    package var dollars: Double { Double(rawValue) / 1e12 }

    package static let zero = PicoDollars(0)

    package static func + (left: Self, right: Self) -> Self { Self(left.rawValue.saturatingAdd(right.rawValue)) }

    package static func * (amount: Self, count: Int64) -> Self { Self(amount.rawValue.saturatingMultiply(by: count)) }

    /// The fraction of an amount that isn't negative, rounded down.
    package static func / (amount: Self, divisor: Int64) -> Self { Self(amount.rawValue / divisor) }

    /// The amount multiplied by thousandths, rounded up.
    package func scaled(byThousandths thousandths: Int64) -> PicoDollars {
        guard thousandths != 1000 else { return self }
        let product = rawValue.saturatingMultiply(by: thousandths)
        return PicoDollars(product == .max ? .max : product / 1000 + (product % 1000 == 0 ? 0 : 1))
    }
}

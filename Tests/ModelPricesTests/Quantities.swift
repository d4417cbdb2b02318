import Primitives

// Amounts of money as literals, in billionths and trillionths of a dollar.

extension NanoDollars: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int64) { self.init(value) }
}

extension PicoDollars: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int64) { self.init(value) }
}

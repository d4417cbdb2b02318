/// A quantity that is stored and sent as a 64-bit integer, with its unit in the type.
///
/// A new quantity only declares `rawValue` and its initializer. Arithmetic stays in the unit and saturates: a service must not trap on
/// what a client sends.
package protocol IntegerQuantity: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible where RawValue == Int64 {
    init(_ rawValue: Int64)
}

extension IntegerQuantity {
    package init(rawValue: Int64) { self.init(rawValue) }

    package var description: String { String(rawValue) }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Int64 {
    /// The sum, or the nearest value that fits.
    package func saturatingAdd(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// Adds a number, or as much of it as fits.
    package mutating func addSaturating(_ other: Int64) { self = saturatingAdd(other) }

    /// The difference, or the nearest value that fits.
    package func saturatingSubtract(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }

    /// The product, or the nearest value that fits.
    package func saturatingMultiply(by other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}

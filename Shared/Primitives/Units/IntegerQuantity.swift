/// A quantity that is stored and sent as a 64-bit integer, with its unit in the type.
///
/// A new quantity only declares `rawValue` and its initializer. If it is sent, `JSONWritable+Quantity.swift` lists it as well, and if it
/// is stored, `SQLValue.swift`. Arithmetic stays in the unit and saturates: a service must not trap on what a client sends.
package protocol IntegerQuantity: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible where RawValue == Int64 {
    init(_ rawValue: Int64)
}

extension IntegerQuantity {
    package init(rawValue: Int64) { self.init(rawValue) }

    package var description: String { String(rawValue) }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

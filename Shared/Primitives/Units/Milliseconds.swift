/// A duration in milliseconds, as traces store it. A `Duration` has 128 bits, and is slower to convert.
package struct Milliseconds: IntegerQuantity {
    package var rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }
}

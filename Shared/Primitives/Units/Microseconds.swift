/// A duration in microseconds, as the ledger and the usage log store it. A `Duration` has 128 bits, and is slower to convert.
package struct Microseconds: IntegerQuantity {
    package var rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    package init(_ duration: Duration) { rawValue = duration.microseconds }

    package static let zero = Microseconds(0)

    /// The duration in seconds.
    package var seconds: Double { Double(rawValue) / 1e6 }
}

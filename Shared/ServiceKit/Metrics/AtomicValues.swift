internal import Synchronization

extension Atomic where Value == Int64 {
    /// Adds an amount that isn't negative to a value that isn't either. The value stops at the largest number.
    borrowing func addSaturating(_ amount: Int64) {
        if wrappingAdd(amount, ordering: .relaxed).newValue < 0 { store(.max, ordering: .relaxed) }
    }
}

/// A floating-point number that many threads change.
struct AtomicDouble: ~Copyable, Sendable {
    private let bits = Atomic<UInt64>(0)

    borrowing func load() -> Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    borrowing func store(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    borrowing func add(_ amount: Double) {
        var known = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: known) + amount).bitPattern
            let (isDone, current) = bits.weakCompareExchange(expected: known, desired: sum, ordering: .relaxed)
            if isDone { return }
            known = current
        }
    }
}

internal import Primitives

/// A service's source of randomness, for IDs and generated names. Tests inject their own.
package struct RandomSource: Sendable {
    package var next: @Sendable () -> UInt64

    package init(next: @escaping @Sendable () -> UInt64) {
        self.next = next
    }

    /// The system's random number generator.
    package static let system = RandomSource { UInt64.random(in: .min ... .max) }

    /// A version 4 UUID without dashes, 32 hexadecimal digits, like MLflow's IDs.
    package func hexID() -> String {
        let high = next() & ~0xF000 | 0x4000
        let low = next() & ~(0b11 << 62) | (0b10 << 62)
        return high.hexDigits + low.hexDigits
    }

    /// A random number from 0 up to, but not including, `limit`.
    package func number(below limit: Int) -> Int {
        limit > 0 ? Int(next() % UInt64(limit)) : 0
    }
}

/// Where a service gets chance from: ids and made-up names; tests hand in their own.
package struct RandomSource: Sendable {
    package var next: @Sendable () -> UInt64

    package init(next: @escaping @Sendable () -> UInt64) {
        self.next = next
    }

    package static let system = RandomSource { UInt64.random(in: .min ... .max) }

    /// 32 hexadecimal digits, as MLflow's ids have them: a version 4 UUID without dashes.
    package func hexID() -> String {
        let high = next() & ~0xF000 | 0x4000
        let low = next() & ~(0b11 << 62) | (0b10 << 62)
        return Self.hex(high) + Self.hex(low)
    }

    package func number(below limit: Int) -> Int {
        limit > 0 ? Int(next() % UInt64(limit)) : 0
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

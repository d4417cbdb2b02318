internal import Primitives
package import ServiceKit
internal import Synchronization

/// A predictable clock: it advances by one millisecond with each reading, starting at `start` + 1.
package final class TestClock: Sendable {
    private let time: Mutex<Int64>

    package init(start: Int64 = 0) {
        time = Mutex(start)
    }

    package var source: TimeSource {
        TimeSource { [self] in
            time.withLock { time in
                time += 1
                return UnixMilliseconds(time)
            }
        }
    }
}

/// A random source that returns the same numbers in each run.
package final class TestRandom: Sendable {
    private let generator: Mutex<SplitMix64>

    package init(seed: UInt64 = 1) {
        generator = Mutex(SplitMix64(seed: seed))
    }

    package var source: RandomSource {
        RandomSource { [self] in generator.withLock { $0.next() } }
    }
}

/// A generator that returns the same numbers for the same seed, so that a failure can be reproduced.
///
/// Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

package import ServiceKit
internal import Synchronization

/// A clock that tests can foresee: it shows one millisecond more with each look, from `start` + 1 on.
package final class TestClock: Sendable {
    private let time: Mutex<Int64>

    package init(start: Int64 = 0) {
        time = Mutex(start)
    }

    package var source: TimeSource {
        TimeSource { [self] in
            time.withLock { time in
                time += 1
                return time
            }
        }
    }
}

/// Numbers that look random and are the same in each run (SplitMix64).
package final class TestRandom: Sendable {
    private let state: Mutex<UInt64>

    package init(seed: UInt64 = 1) {
        state = Mutex(seed)
    }

    package var source: RandomSource {
        RandomSource { [self] in
            var mixed = state.withLock { state in
                state &+= 0x9E37_79B9_7F4A_7C15
                return state
            }
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}

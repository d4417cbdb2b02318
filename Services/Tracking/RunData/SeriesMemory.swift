internal import Synchronization

/// Series as this process has left them, so that the next points of a metric need no question beforehand. Other processes write
/// too, and a commit may fail: what is remembered is a guess that a statement must check (`FollowingPoints`).
final class SeriesMemory: Sendable {
    /// About 2 MB.
    private static let limit = 24_000
    /// A series that was not as remembered so many times is written to by others as well: it isn't guessed any more.
    private static let patience = 3

    private struct Memory {
        var series: MetricSeries
        /// Not to be guessed by until it is remembered again.
        var isDoubted = false
        var misses = 0
    }

    private let memories = Mutex([RunKey: Memory]())

    /// Those series; `nil` unless all of them are remembered.
    func recall(_ keys: some Sequence<RunKey>) -> [RunKey: MetricSeries]? {
        memories.withLock { memories in
            var recalled: [RunKey: MetricSeries] = [:]
            for key in keys {
                guard let memory = memories[key], !memory.isDoubted, memory.misses < Self.patience else { return nil }
                recalled[key] = memory.series
            }
            return recalled
        }
    }

    /// Remembers series as they are now.
    ///
    /// - Parameter onlyIfKnown: whether to pass over those of which nothing is remembered.
    func remember(_ changed: [MetricRows.ChangedSeries], onlyIfKnown: Bool = false) {
        memories.withLock { memories in
            for (key, series) in changed {
                if var memory = memories[key] {
                    (memory.series, memory.isDoubted) = (series, false)
                    memories[key] = memory
                } else if !onlyIfKnown {
                    if memories.count >= Self.limit { memories = [:] }
                    memories[key] = Memory(series: series)
                }
            }
        }
    }

    /// Notes that one of those series isn't as it is remembered, or may not be written to any more.
    func doubt(_ keys: some Sequence<RunKey>) {
        memories.withLock { memories in for key in keys { memories[key]?.isDoubted = true } }
    }

    /// Notes which series aren't as they are remembered.
    ///
    /// - Parameter actual: series as they are.
    func compare(_ actual: [RunKey: MetricSeries]) {
        memories.withLock { memories in
            for (key, series) in actual {
                guard let memory = memories[key], memory.series != series, memory.misses < Self.patience else { continue }
                memories[key]?.misses += 1
            }
        }
    }
}

internal import Synchronization

/// Series as this process has left them, so that the next points of a metric need no question beforehand. Other processes write
/// too, and a commit may fail: what is remembered is a guess that a statement must check (`FollowingPoints`).
final class SeriesMemory: Sendable {
    /// About 2 MB.
    private static let limit = 24_000

    private enum Memory {
        case series(MetricSeries)
        /// Not to be guessed by until it is remembered again.
        case doubted(MetricSeries)
        /// Others write to it as well: guessing would fail time and again.
        case shared
    }

    private let memories = Mutex([RunKey: Memory]())

    /// Those series; `nil` unless all of them are remembered.
    func recall(_ keys: some Sequence<RunKey>) -> [RunKey: MetricSeries]? {
        memories.withLock { memories in
            var recalled: [RunKey: MetricSeries] = [:]
            for key in keys {
                guard case .series(let series) = memories[key] else { return nil }
                recalled[key] = series
            }
            return recalled
        }
    }

    /// Remembers series as they are now.
    ///
    /// - Parameter onlyIfKnown: whether to pass over those of which nothing is remembered.
    func remember(_ changed: [(key: RunKey, series: MetricSeries)], onlyIfKnown: Bool = false) {
        memories.withLock { memories in
            if !onlyIfKnown, memories.count + changed.count > Self.limit { memories = [:] }
            for (key, series) in changed.prefix(Self.limit) {
                switch memories[key] {
                case .shared: break
                case nil where onlyIfKnown: break
                default: memories[key] = .series(series)
                }
            }
        }
    }

    /// Notes that one of those series isn't as it is remembered, or may not be written to any more.
    func doubt(_ keys: some Sequence<RunKey>) {
        memories.withLock { memories in
            for key in keys {
                if case .series(let series) = memories[key] { memories[key] = .doubted(series) }
            }
        }
    }

    /// Notes which series others have written to.
    ///
    /// - Parameter actual: series as they are.
    func compare(_ actual: [RunKey: MetricSeries]) {
        memories.withLock { memories in
            for (key, series) in actual {
                switch memories[key] {
                case .series(let remembered), .doubted(let remembered):
                    if remembered != series { memories[key] = .shared }
                case .shared, nil: break
                }
            }
        }
    }
}

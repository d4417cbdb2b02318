internal import Synchronization

/// Series as this process has left them, so that the next points of a metric need no question beforehand. Other processes write
/// too, and a commit may fail: what is remembered is a guess that a statement must check (`OptimisticAppend`).
final class SeriesCache: Sendable {
    /// About 2 MB.
    private static let limit = 24_000
    /// A series that was not as remembered so many times is written to by others as well: it isn't guessed any more.
    private static let missLimit = 3

    private struct Entry {
        var series: MetricSeries
        /// Not to be guessed by until it is remembered again.
        var isStale = false
        var misses = 0
    }

    private let entries = Mutex([RunKey: Entry]())

    /// Those series; `nil` unless all of them are remembered.
    func series(for keys: some Sequence<RunKey>) -> [RunKey: MetricSeries]? {
        entries.withLock { entries in
            var found: [RunKey: MetricSeries] = [:]
            for key in keys {
                guard let entry = entries[key], !entry.isStale, entry.misses < Self.missLimit else { return nil }
                found[key] = entry.series
            }
            return found
        }
    }

    /// Remembers series as they are now.
    ///
    /// - Parameter onlyIfCached: whether to pass over those of which nothing is remembered.
    func update(_ changed: [MetricRows.ChangedSeries], onlyIfCached: Bool = false) {
        entries.withLock { entries in
            for (key, series) in changed {
                if var entry = entries[key] {
                    (entry.series, entry.isStale) = (series, false)
                    entries[key] = entry
                } else if !onlyIfCached {
                    if entries.count >= Self.limit { entries = [:] }
                    entries[key] = Entry(series: series)
                }
            }
        }
    }

    /// Notes that one of those series isn't as it is remembered, or may not be written to any more.
    func invalidate(_ keys: some Sequence<RunKey>) {
        entries.withLock { entries in for key in keys { entries[key]?.isStale = true } }
    }

    /// Notes which series aren't as they are remembered.
    ///
    /// - Parameter actual: series as they are.
    func recordMisses(against actual: [RunKey: MetricSeries]) {
        entries.withLock { entries in
            for (key, series) in actual {
                guard let entry = entries[key], entry.series != series, entry.misses < Self.missLimit else { continue }
                entries[key]?.misses += 1
            }
        }
    }
}

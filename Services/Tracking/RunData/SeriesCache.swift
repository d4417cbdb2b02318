internal import Synchronization

/// Cache of series as this process last wrote them, so that appending points needs no read first. Other processes write too, and
/// a commit may fail, so a statement must verify the cached series (`OptimisticAppend`).
final class SeriesCache: Sendable {
    /// Entries; about 2 MB.
    private static let limit = 24_000
    /// After this many mismatches, other processes evidently write to the series too, and the cache stops serving it.
    private static let missLimit = 3

    private struct Entry {
        var series: MetricSeries
        /// Whether the entry can't be served until the next update.
        var isStale = false
        var misses = 0
    }

    private let entries = Mutex([RunKey: Entry]())

    /// Returns those series; `nil` unless all of them are cached.
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

    /// Stores the current state of series.
    ///
    /// - Parameter onlyIfCached: whether to skip series without an entry.
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

    /// Marks series as stale, after one of them differed from its cached state or its run turned out to be inactive.
    func invalidate(_ keys: some Sequence<RunKey>) {
        entries.withLock { entries in for key in keys { entries[key]?.isStale = true } }
    }

    /// Counts a miss for each series that differs from its cached state.
    ///
    /// - Parameter actual: series as read from the database.
    func recordMisses(against actual: [RunKey: MetricSeries]) {
        entries.withLock { entries in
            for (key, series) in actual {
                guard let entry = entries[key], entry.series != series, entry.misses < Self.missLimit else { continue }
                entries[key]?.misses += 1
            }
        }
    }
}

internal import Synchronization

/// Finds the metrics of a combination of labels without a lock: a hash table of fixed size whose entries are never removed. Use it where
/// the number of combinations is bounded.
package final class SeriesTable<Key: SeriesKey, Metrics: AnyObject & Sendable>: Sendable {
    private final class Entry: Sendable {
        let key: Key
        let metrics: Metrics
        /// The next entry of the chain, which this one owns.
        let next = Atomic<Unmanaged<Entry>?>(nil)

        init(_ key: Key, _ metrics: Metrics) {
            self.key = key
            self.metrics = metrics
        }

        deinit { next.load(ordering: .acquiring)?.release() }
    }

    /// The first entry of each chain. Retaining entries would make threads contend for their reference counts.
    private let chains = InlineArray<512, Atomic<Unmanaged<Entry>?>> { _ in Atomic(nil) }
    private let make: @Sendable (Key) -> Metrics

    /// - Parameter make: makes the metrics of a key at its first use; rarely more than once, if several threads use it at the same moment.
    package init(_ make: @escaping @Sendable (Key) -> Metrics) {
        self.make = make
    }

    deinit {
        for chain in chains.indices { chains[chain].load(ordering: .acquiring)?.release() }
    }

    /// Calls `body` with the metrics of a key.
    package func with(_ key: Key, _ body: (Metrics) -> Void) {
        let chain = Int(truncatingIfNeeded: key.tableHash % UInt64(chains.count))
        var current = entry(at: chains[chain], else: key)
        while true {
            let next = current._withUnsafeGuaranteedRef { known -> Unmanaged<Entry>? in
                guard known.key == key else { return entry(at: known.next, else: key) }
                body(known.metrics)
                return nil
            }
            guard let next else { return }
            current = next
        }
    }

    /// The entry to which a link leads. Appends one for the key at the end of the chain.
    private func entry(at link: borrowing Atomic<Unmanaged<Entry>?>, else key: Key) -> Unmanaged<Entry> {
        if let known = link.load(ordering: .acquiring) { return known }
        let new = Unmanaged.passRetained(Entry(key, make(key)))
        let (_, winner) = link.compareExchange(expected: nil, desired: new, ordering: .acquiringAndReleasing)
        guard let winner else { return new }
        new.release()
        return winner
    }
}

/// A combination of labels that identifies a series.
package protocol SeriesKey: Equatable, Sendable {
    /// A hash, which needn't resist deliberate collisions.
    var tableHash: UInt64 { get }
}

extension String {
    /// A hash for names that no client chooses. `Hasher`, which resists collisions, takes several times as long.
    package var tableHash: UInt64 {
        var text = self
        return text.withUTF8 { bytes in
            var hash = UInt64(bytes.count)
            var rest = UnsafeRawBufferPointer(bytes)
            while rest.count >= 8 {
                hash = Self.mixed(hash, rest.loadUnaligned(as: UInt64.self))
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(8))
            }
            return rest.reduce(hash) { Self.mixed($0, UInt64($1)) }
        }
    }

    private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 32
    }
}

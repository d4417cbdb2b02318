internal import Glibc
internal import Synchronization

/// Keeps the requests that aren't in the database yet, so that the end of the process loses none.
///
/// A line is written when a request begins, with what is reserved for it, and another when it ends, before the client gets the end
/// of its answer; both take microseconds. The database gets the rows a moment later, many at once, and while it is away, the
/// journal grows. A process that was killed leaves it to whoever starts next or lives in the same folder.
final class Journal: Sendable {
    /// More than there are event loops on most machines.
    private static let count = 8

    let folder: JournalFolder
    let gateway: Int64
    private let shards: [JournalShard]
    private let sequence = Atomic<Int64>(0)

    init(folder: JournalFolder, gateway: Int64) throws(JournalError) {
        self.folder = folder
        self.gateway = gateway
        var shards: [JournalShard] = []
        for index in 0..<Self.count {
            shards.append(try JournalShard(folder: folder, gateway: gateway, index: index, of: Self.count))
        }
        self.shards = shards
    }

    /// A request has been let in; it gets its number, by which its shard is found again.
    func begin(_ record: inout UsageRecord) throws(JournalError) {
        // The stacks of threads lie side by side, an odd number of pages apart.
        let index = Int(pthread_self() >> 12) & (Self.count - 1)
        record.sequence = sequence.wrappingAdd(1, ordering: .relaxed).newValue * Int64(Self.count) + Int64(index)
        try shards[index].begin(record)
    }

    /// A request that was let in takes more: its record replaces the one before.
    func change(_ record: UsageRecord) throws(JournalError) {
        try shards[Int(record.sequence) & (Self.count - 1)].begin(record)
    }

    /// A request has ended, as the record says. Everything is written when this returns.
    func end(_ record: UsageRecord) throws(JournalError) {
        try shards[Int(record.sequence) & (Self.count - 1)].end(record)
    }

    /// What has ended and isn't in the database, by shard.
    func pending(limit: Int) -> [(shard: JournalShard, records: [UsageRecord])] {
        var left = limit
        return shards.compactMap { shard in
            let records = shard.pending(limit: left)
            left -= records.count
            return records.isEmpty ? nil : (shard, records)
        }
    }

    /// The shards with rows that aren't in memory; see `JournalShard.overflow`.
    func overflow() -> [(shard: JournalShard, parts: [String])] {
        shards.compactMap { shard in
            let parts = shard.overflow()
            return parts.isEmpty ? nil : (shard, parts)
        }
    }

    var hasOverflow: Bool { shards.contains(where: \.hasOverflow) }

    /// The rows that wait for the database, at least.
    var waiting: Int { shards.map(\.waiting).reduce(0, +) }

    /// Writes what there is to the disk: while the database is away, nobody else does.
    func sync() { for shard in shards { shard.sync() } }

    /// Takes the journal away, if nothing is left in it.
    func removeIfDone() -> Bool {
        guard shards.allSatisfy(\.isDone) else { return false }
        for part in folder.parts(of: gateway) { JournalReading.remove(part) }
        return true
    }
}

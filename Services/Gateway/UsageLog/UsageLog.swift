internal import Glibc
internal import Synchronization

/// Keeps the requests that aren't in the database yet, so that the end of the process loses none.
///
/// A line is written when a request begins, with what is reserved for it, and another when it ends, before the client gets the end
/// of its response; both take microseconds. The database gets the rows a moment later, many at once, and while it is away, the
/// log grows. A process that was killed leaves it to whoever starts next or lives in the same folder.
final class UsageLog: Sendable {
    /// More than there are event loops on most machines.
    private static let shardCount = 8

    let directory: UsageLogDirectory
    let replicaID: Int64
    private let shards: [UsageLogShard]
    private let sequence = Atomic<Int64>(0)

    init(directory: UsageLogDirectory, replicaID: Int64) throws(UsageLogError) {
        self.directory = directory
        self.replicaID = replicaID
        var shards: [UsageLogShard] = []
        for index in 0..<Self.shardCount {
            shards.append(try UsageLogShard(directory: directory, replicaID: replicaID, index: index, of: Self.shardCount))
        }
        self.shards = shards
    }

    /// A request has been let in; it gets its number, by which its shard is found again.
    func begin(_ record: inout UsageRecord) throws(UsageLogError) {
        // The stacks of threads lie side by side, an odd number of pages apart.
        let index = Int(pthread_self() >> 12) & (Self.shardCount - 1)
        record.sequence = sequence.wrappingAdd(1, ordering: .relaxed).newValue * Int64(Self.shardCount) + Int64(index)
        try shards[index].begin(record)
    }

    /// A request that was let in takes more: its record replaces the one before.
    func update(_ record: UsageRecord) throws(UsageLogError) {
        try shards[Int(record.sequence) & (Self.shardCount - 1)].begin(record)
    }

    /// A request has ended, as the record says. Everything is written when this returns.
    func end(_ record: UsageRecord) throws(UsageLogError) {
        try shards[Int(record.sequence) & (Self.shardCount - 1)].end(record)
    }

    /// What has ended and isn't in the database, by shard.
    func pending(limit: Int) -> [(shard: UsageLogShard, records: [UsageRecord])] {
        var remaining = limit
        return shards.compactMap { shard in
            let records = shard.pending(limit: remaining)
            remaining -= records.count
            return records.isEmpty ? nil : (shard, records)
        }
    }

    /// The shards with rows that aren't in memory; see `UsageLogShard.overflow`.
    func overflow() -> [(shard: UsageLogShard, segments: [String])] {
        shards.compactMap { shard in
            let segments = shard.overflow()
            return segments.isEmpty ? nil : (shard, segments)
        }
    }

    var hasOverflow: Bool { shards.contains(where: \.hasOverflow) }

    /// The rows that wait for the database, at least.
    var pendingCount: Int { shards.map(\.pendingCount).reduce(0, +) }

    /// Writes what there is to the disk: while the database is away, nobody else does.
    func sync() { for shard in shards { shard.sync() } }

    /// Takes the log away, if nothing is left in it.
    func removeIfDrained() -> Bool {
        guard shards.allSatisfy(\.isDrained) else { return false }
        for segment in directory.segments(of: replicaID) { UsageLogReader.remove(segment) }
        return true
    }
}

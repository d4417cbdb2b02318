internal import Glibc
internal import Synchronization

/// A write-ahead log of the requests that aren't in the database yet, so that no usage is lost when the process ends.
///
/// A line is written when a request begins, with what is reserved for it, and another when it ends, before the client receives the
/// end of its response. The rows are written to the database in batches a moment later; while it is unavailable, the log grows.
/// The log of a killed process is recovered by the next gateway that starts in the directory, or by one that runs there already.
final class UsageLog: Sendable {
    /// More than most machines have event loops; a power of two.
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

    /// Logs an admitted request, and sets its sequence number, which identifies its shard.
    func begin(_ record: inout UsageRecord) throws(UsageLogError) {
        // Thread stacks are adjacent and an odd number of pages apart, so these bits spread the threads over the shards.
        let index = Int(pthread_self() >> 12) & (Self.shardCount - 1)
        record.sequence = sequence.wrappingAdd(1, ordering: .relaxed).newValue * Int64(Self.shardCount) + Int64(index)
        try shards[index].begin(record)
    }

    /// Replaces the record of an admitted request, which needs more than was reserved.
    func update(_ record: UsageRecord) throws(UsageLogError) {
        try shards[Int(record.sequence) & (Self.shardCount - 1)].begin(record)
    }

    /// Logs the end of a request; the record is written when this returns.
    func end(_ record: UsageRecord) throws(UsageLogError) {
        try shards[Int(record.sequence) & (Self.shardCount - 1)].end(record)
    }

    /// Returns ended requests that aren't in the database, by shard.
    ///
    /// - Parameter limit: the largest number of records of all shards together.
    func pending(limit: Int) -> [(shard: UsageLogShard, records: [UsageRecord])] {
        var remaining = limit
        return shards.compactMap { shard in
            let records = shard.pending(limit: remaining)
            remaining -= records.count
            return records.isEmpty ? nil : (shard, records)
        }
    }

    /// Returns the shards with rows that aren't in memory; see `UsageLogShard.overflow`.
    func overflow() -> [(shard: UsageLogShard, segments: [String])] {
        shards.compactMap { shard in
            let segments = shard.overflow()
            return segments.isEmpty ? nil : (shard, segments)
        }
    }

    var hasOverflow: Bool { shards.contains(where: \.hasOverflow) }

    /// The rows in memory that wait for the database; there may be more in files.
    var pendingCount: Int { shards.map(\.pendingCount).reduce(0, +) }

    /// Syncs the log to disk. This is needed while the database is unavailable, since only the log has the rows then.
    func sync() { for shard in shards { shard.sync() } }

    /// Removes the log if it is empty.
    ///
    /// - Returns: whether it was removed.
    func removeIfDrained() -> Bool {
        guard shards.allSatisfy(\.isDrained) else { return false }
        for segment in directory.segments(of: replicaID) { UsageLogReader.remove(segment) }
        return true
    }
}

internal import JSON
internal import Synchronization

/// A part of the usage log that usually only one thread writes to, so that threads don't contend for a lock.
final class UsageLogShard: Sendable {
    /// Bytes after which a new segment is started. A segment is kept until all of its rows are in the database.
    private static let segmentSize = 8 << 20
    /// The largest number of rows in memory that wait for the database; further rows are in the file only.
    private static let memoryLimit = 5000

    private struct State: ~Copyable {
        var file: UsageLogFile
        var number: Int
        /// The lines of requests in flight, by sequence number.
        var open: [Int64: [UInt8]] = [:]
        var ended: [UsageRecord] = []
        /// Whether files have rows that aren't in memory.
        var hasOverflow = false
        /// Paths of full segments that have rows waiting for the database.
        var fullSegments: [String] = []
    }

    private let state: Mutex<State>
    private let directory: UsageLogDirectory
    private let replicaID: Int64
    /// The difference between the numbers of consecutive segments: the number of shards.
    private let step: Int

    init(directory: UsageLogDirectory, replicaID: Int64, index: Int, of count: Int) throws(UsageLogError) {
        self.directory = directory
        self.replicaID = replicaID
        step = count
        state = Mutex(State(file: try UsageLogFile(path: directory.segmentPath(index, of: replicaID)), number: index))
    }

    /// Logs an admitted request, or replaces the record with the same sequence number.
    func begin(_ record: UsageRecord) throws(UsageLogError) {
        let line = Self.line("B", record)
        try state.withLock { state throws(UsageLogError) in
            try state.file.append(line)
            state.open[record.sequence] = line
        }
    }

    /// Logs the end of a request; the record is written when this returns.
    func end(_ record: UsageRecord) throws(UsageLogError) {
        let line = Self.line("E", record)
        try state.withLock { state throws(UsageLogError) in
            state.open[record.sequence] = nil
            if state.ended.count < Self.memoryLimit { state.ended.append(record) } else { state.hasOverflow = true }
            try state.file.append(line)
            // If no new segment can be created, this one stays in use.
            if state.file.size > Self.segmentSize { try? startSegment(&state) }
        }
    }

    /// Returns ended requests that aren't in the database; none while there is an overflow, since the files are read then.
    func pending(limit: Int) -> [UsageRecord] { state.withLock { $0.hasOverflow ? [] : Array($0.ended.prefix(limit)) } }

    /// Removes the first waiting rows, which are in the database now, and deletes segments that are no longer needed.
    func acknowledge(_ count: Int) throws(UsageLogError) {
        let segments = try state.withLock { state throws(UsageLogError) -> [String] in
            state.ended.removeFirst(min(count, state.ended.count))
            guard state.ended.isEmpty, !state.hasOverflow else { return [] }
            // Every row of the full segments is in the database; requests still open are repeated at the top of the current
            // segment.
            if state.file.size > Self.segmentSize / 2 { try? startSegment(&state) }
            let segments = state.fullSegments
            state.fullSegments = []
            return segments
        }
        for segment in segments { UsageLogReader.remove(segment) }
    }

    /// Returns the segments to read and then delete, if some rows aren't in memory. They include the rows that were in memory.
    func overflow() -> [String] {
        let segments = try? state.withLock { state throws(UsageLogError) -> [String] in
            guard state.hasOverflow else { return [] }
            try startSegment(&state)
            state.ended.removeAll()
            // Requests that end from now on are kept in memory again.
            state.hasOverflow = false
            let segments = state.fullSegments
            state.fullSegments = []
            return segments
        }
        return segments ?? []
    }

    /// Restores segments from `overflow()` whose rows couldn't be written to the database.
    func restore(_ segments: [String]) {
        state.withLock { state in
            state.fullSegments = segments + state.fullSegments
            state.hasOverflow = true
        }
    }

    /// Whether rows that aren't in memory wait for the database.
    var hasOverflow: Bool { state.withLock { $0.hasOverflow } }

    /// The rows in memory that wait for the database.
    var pendingCount: Int { state.withLock { $0.ended.count } }

    /// Syncs the file to disk.
    func sync() { state.withLock { $0.file.sync() } }

    /// Whether no request is open or waits for the database.
    var isDrained: Bool { state.withLock { $0.ended.isEmpty && $0.open.isEmpty && !$0.hasOverflow } }

    /// Starts a new segment with the open requests, so that earlier segments needn't be kept for them.
    private func startSegment(_ state: inout State) throws(UsageLogError) {
        let path = directory.segmentPath(state.number + step, of: replicaID)
        var file = try UsageLogFile(path: path)
        do {
            for line in state.open.values { try file.append(line) }
        } catch {
            UsageLogReader.remove(path)
            throw error
        }
        state.fullSegments.append(state.file.path)
        state.number += step
        state.file = file
    }

    private static func line(_ kind: Unicode.Scalar, _ record: UsageRecord) -> [UInt8] {
        JSONWriter.line(UInt8(ascii: kind), capacity: 400) { record.write(to: &$0) }
    }
}

internal import JSON
internal import Synchronization

/// A part of the usage log that is written by one thread as a rule, so that threads don't wait for each other.
final class UsageLogShard: Sendable {
    /// A segment is kept until all of its rows are in the database; it takes no more lines than this many bytes.
    private static let segmentSize = 8 << 20
    /// Rows in memory that wait for the database; more are only in the file until it is back.
    private static let memoryLimit = 5000

    private struct State: ~Copyable {
        var file: UsageLogFile
        var number: Int
        var open: [Int64: [UInt8]] = [:]
        var ended: [UsageRecord] = []
        /// Whether rows are in full segments that aren't in memory.
        var hasOverflow = false
        /// Full segments, of which rows wait.
        var fullSegments: [String] = []
    }

    private let state: Mutex<State>
    private let directory: UsageLogDirectory
    private let replicaID: Int64
    /// From the number of a segment to that of the next: how many shards there are.
    private let step: Int

    init(directory: UsageLogDirectory, replicaID: Int64, index: Int, of count: Int) throws(UsageLogError) {
        self.directory = directory
        self.replicaID = replicaID
        step = count
        state = Mutex(State(file: try UsageLogFile(path: directory.segmentPath(index, of: replicaID)), number: index))
    }

    /// A request has been let in, or takes more than the record of the same number says.
    func begin(_ record: UsageRecord) throws(UsageLogError) {
        let line = Self.line("B", record)
        try state.withLock { state throws(UsageLogError) in
            try state.file.append(line)
            state.open[record.sequence] = line
        }
    }

    /// A request has ended, as the record says. Everything is written when this returns.
    func end(_ record: UsageRecord) throws(UsageLogError) {
        let line = Self.line("E", record)
        try state.withLock { state throws(UsageLogError) in
            state.open[record.sequence] = nil
            if state.ended.count < Self.memoryLimit { state.ended.append(record) } else { state.hasOverflow = true }
            try state.file.append(line)
            // When there can't be another segment, this one goes on.
            if state.file.size > Self.segmentSize { try? startSegment(&state) }
        }
    }

    /// What has ended and isn't in the database.
    ///
    /// - Returns: nothing while there is an overflow: then the files are read.
    func pending(limit: Int) -> [UsageRecord] { state.withLock { $0.hasOverflow ? [] : Array($0.ended.prefix(limit)) } }

    /// The first rows that wait have arrived in the database.
    func acknowledge(_ count: Int) throws(UsageLogError) {
        let segments = try state.withLock { state throws(UsageLogError) -> [String] in
            state.ended.removeFirst(min(count, state.ended.count))
            guard state.ended.isEmpty, !state.hasOverflow else { return [] }
            // All that the full segments have is in the database, or is open and stands at the top of the present one too.
            if state.file.size > Self.segmentSize / 2 { try? startSegment(&state) }
            let segments = state.fullSegments
            state.fullSegments = []
            return segments
        }
        for segment in segments { UsageLogReader.remove(segment) }
    }

    /// The segments with rows that aren't in memory, if there are some: they are to be read and removed, and have what is in memory,
    /// too.
    func overflow() -> [String] {
        let segments = try? state.withLock { state throws(UsageLogError) -> [String] in
            guard state.hasOverflow else { return [] }
            try startSegment(&state)
            state.ended.removeAll()
            // What ends from now on is remembered again.
            state.hasOverflow = false
            let segments = state.fullSegments
            state.fullSegments = []
            return segments
        }
        return segments ?? []
    }

    /// Nothing could be done with these segments.
    func restore(_ segments: [String]) {
        state.withLock { state in
            state.fullSegments = segments + state.fullSegments
            state.hasOverflow = true
        }
    }

    /// Whether rows wait that aren't in memory.
    var hasOverflow: Bool { state.withLock { $0.hasOverflow } }

    /// The rows that wait for the database, at least.
    var pendingCount: Int { state.withLock { $0.ended.count } }

    /// Writes what there is to the disk: while the database is away, nobody else does.
    func sync() { state.withLock { $0.file.sync() } }

    /// Whether nothing is left in it.
    var isDrained: Bool { state.withLock { $0.ended.isEmpty && $0.open.isEmpty && !$0.hasOverflow } }

    /// Begins a new segment with the requests that are open, so that the ones before need not be kept for them.
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

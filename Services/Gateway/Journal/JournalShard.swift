internal import JSON
internal import Synchronization

/// A part of the journal that is written by one thread as a rule, so that threads don't wait for each other.
final class JournalShard: Sendable {
    /// A part is kept until all of its rows are in the database; it takes no more lines than this many bytes.
    private static let partSize = 8 << 20
    /// Rows in memory that wait for the database; more are only in the file until it is back.
    private static let memoryLimit = 5000

    private struct State: ~Copyable {
        var file: JournalFile
        var number: Int
        var open: [Int64: [UInt8]] = [:]
        var ended: [UsageRecord] = []
        /// Whether rows are in full parts that aren't in memory.
        var hasOverflow = false
        /// Full parts, of which rows wait.
        var fullParts: [String] = []
    }

    private let state: Mutex<State>
    private let folder: JournalFolder
    private let gateway: Int64
    /// From the number of a part to that of the next: how many shards there are.
    private let step: Int

    init(folder: JournalFolder, gateway: Int64, index: Int, of count: Int) throws(JournalError) {
        self.folder = folder
        self.gateway = gateway
        step = count
        state = Mutex(State(file: try JournalFile(path: folder.part(index, of: gateway)), number: index))
    }

    /// A request has been let in, or takes more than the record of the same number says.
    func begin(_ record: UsageRecord) throws(JournalError) {
        let line = Self.line("B", record)
        try state.withLock { state throws(JournalError) in
            try state.file.append(line)
            state.open[record.sequence] = line
        }
    }

    /// A request has ended, as the record says. Everything is written when this returns.
    func end(_ record: UsageRecord) throws(JournalError) {
        let line = Self.line("E", record)
        try state.withLock { state throws(JournalError) in
            state.open[record.sequence] = nil
            if state.ended.count < Self.memoryLimit { state.ended.append(record) } else { state.hasOverflow = true }
            try state.file.append(line)
            // When there can't be another part, this one goes on.
            if state.file.size > Self.partSize { try? startPart(&state) }
        }
    }

    /// What has ended and isn't in the database.
    ///
    /// - Returns: nothing while there is an overflow: then the files are read.
    func pending(limit: Int) -> [UsageRecord] { state.withLock { $0.hasOverflow ? [] : Array($0.ended.prefix(limit)) } }

    /// The first rows that wait have arrived in the database.
    func arrived(_ count: Int) throws(JournalError) {
        let parts = try state.withLock { state throws(JournalError) -> [String] in
            state.ended.removeFirst(min(count, state.ended.count))
            guard state.ended.isEmpty, !state.hasOverflow else { return [] }
            // All that the full parts have is in the database, or is open and stands at the top of the present one too.
            if state.file.size > Self.partSize / 2 { try? startPart(&state) }
            let parts = state.fullParts
            state.fullParts = []
            return parts
        }
        for part in parts { JournalReading.remove(part) }
    }

    /// The parts with rows that aren't in memory, if there are some: they are to be read and removed, and have what is in memory, too.
    func overflow() -> [String] {
        let parts = try? state.withLock { state throws(JournalError) -> [String] in
            guard state.hasOverflow else { return [] }
            try startPart(&state)
            state.ended.removeAll()
            // What ends from now on is remembered again.
            state.hasOverflow = false
            let parts = state.fullParts
            state.fullParts = []
            return parts
        }
        return parts ?? []
    }

    /// Nothing could be done with these parts.
    func keep(_ parts: [String]) {
        state.withLock { state in
            state.fullParts = parts + state.fullParts
            state.hasOverflow = true
        }
    }

    /// Whether rows wait that aren't in memory.
    var hasOverflow: Bool { state.withLock { $0.hasOverflow } }

    /// The rows that wait for the database, at least.
    var waiting: Int { state.withLock { $0.ended.count } }

    /// Writes what there is to the disk: while the database is away, nobody else does.
    func sync() { state.withLock { $0.file.sync() } }

    /// Whether nothing is left in it.
    var isDone: Bool { state.withLock { $0.ended.isEmpty && $0.open.isEmpty && !$0.hasOverflow } }

    /// Begins a new part with the requests that are open, so that the ones before need not be kept for them.
    private func startPart(_ state: inout State) throws(JournalError) {
        let path = folder.part(state.number + step, of: gateway)
        var file = try JournalFile(path: path)
        do {
            for line in state.open.values { try file.append(line) }
        } catch {
            JournalReading.remove(path)
            throw error
        }
        state.fullParts.append(state.file.path)
        state.number += step
        state.file = file
    }

    private static func line(_ kind: Unicode.Scalar, _ record: UsageRecord) -> [UInt8] {
        JSONWriter.line(UInt8(ascii: kind), capacity: 400) { record.write(to: &$0) }
    }
}

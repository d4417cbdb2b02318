internal import JSON
internal import Logging
internal import ServiceKit
internal import Synchronization

/// The books of this gateway: what is under way in the journal, what has ended in the ledger, and what is held of limits.
final class Accounts: Sendable {
    private static let flushSize = 1000
    private static let flushPause = Duration.milliseconds(25)
    private static let beatPause = Duration.seconds(1)

    let journal: Journal
    let limits: LimitKeeper
    let gateway: Int64
    private let store: UsageStore
    private let register: GatewayRegister
    private let lock: JournalLock
    private let time: TimeSource
    private let logger: Logger
    /// What the ledger couldn't take, since its file can't be written.
    private let lost = Atomic<Int>(0)

    /// - Throws: `ConfigurationError` when the journal can't be written, `DatabaseError`.
    static func open(
        register: GatewayRegister, store: UsageStore, folder: JournalFolder, time: TimeSource, logger: Logger
    ) async throws -> Accounts {
        let gateway = try await register.enter()
        guard let lock = folder.lock(gateway) else {
            throw ConfigurationError("--journal-dir: can't write in \(folder.path)")
        }
        do {
            let journal = try Journal(folder: folder, gateway: gateway)
            return Accounts(
                journal: journal, register: register, store: store, lock: lock, gateway: gateway, time: time, logger: logger)
        } catch {
            throw ConfigurationError("--journal-dir: \(error.description)")
        }
    }

    private init(
        journal: Journal, register: GatewayRegister, store: UsageStore, lock: JournalLock, gateway: Int64, time: TimeSource,
        logger: Logger
    ) {
        self.journal = journal
        self.register = register
        self.store = store
        self.lock = lock
        self.gateway = gateway
        self.time = time
        self.logger = logger
        limits = LimitKeeper(leases: LeaseStore(database: register.database, gateway: gateway), logger: logger)
    }

    // MARK: Requests

    /// Enters a request that was let in, with what is reserved for it.
    func begin(_ record: inout UsageRecord) throws {
        do {
            try journal.begin(&record)
        } catch {
            throw Self.journalFailed(error)
        }
    }

    /// Enters what a request takes now, in place of what it was let in with.
    func change(_ record: UsageRecord) throws {
        do {
            try journal.change(record)
        } catch {
            throw Self.journalFailed(error)
        }
    }

    private static func journalFailed(_ error: JournalError) -> GatewayError {
        .unavailable("The gateway can't write its journal at the moment.", cause: error)
    }

    /// Enters what an earlier try of a request used; the request's own row has what that takes of limits.
    func addTry(_ record: UsageRecord) {
        var record = record
        record.charges = []
        do {
            try journal.begin(&record)
        } catch {
            return lose(error)
        }
        end(record, reserved: [])
    }

    /// Enters the end of a request; when this returns, it is in the journal.
    ///
    /// - Parameter reserved: what was reserved at its begin; `record.charges` is what it has spent.
    func end(_ record: UsageRecord, reserved: [Charge]) {
        limits.settle(reserved: reserved, spent: record.charges)
        do {
            try journal.end(record)
        } catch {
            lose(error)
        }
    }

    private func lose(_ error: JournalError) {
        lost.wrappingAdd(1, ordering: .relaxed)
        logger.error("a request's usage can't be written to the journal", metadata: ["cause": "\(error)"])
    }

    /// Rows that wait for the database, and rows that couldn't be kept.
    var figures: (waiting: Int, lost: Int) { (journal.waiting, lost.load(ordering: .relaxed)) }

    // MARK: In the background

    /// Keeps the database up to date, until the task is cancelled.
    func run() async {
        await withTaskGroup { group in
            group.addTask { await self.flushing() }
            group.addTask { await self.beating() }
            group.addTask { await self.ticking() }
        }
    }

    private func flushing() async {
        var trouble: String?
        while !Task.isCancelled {
            do {
                let wrote = try await flush()
                if trouble != nil { logger.notice("the ledger takes rows again") }
                trouble = nil
                if !wrote { try? await Task.sleep(for: Self.flushPause) }
            } catch {
                let cause = "\(error)"
                if trouble != cause { logger.error("the ledger can't be written; rows wait in the journal", metadata: ["cause": "\(cause)"]) }
                trouble = cause
                journal.sync()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// - Returns: whether there was anything.
    private func flush() async throws -> Bool {
        let pending = journal.pending(limit: Self.flushSize)
        let records = pending.flatMap(\.records)
        if !records.isEmpty {
            try await store.add(records, of: gateway)
            for (shard, records) in pending { try shard.arrived(records.count) }
        }
        guard journal.hasOverflow else { return records.count >= Self.flushSize }
        // Reading files for nothing while the database is away would make parts without end.
        if records.isEmpty { try await store.check() }
        for (shard, parts) in journal.overflow() {
            do {
                try await takeIn(parts, of: gateway, withOpen: false)
                for part in parts { JournalReading.remove(part) }
            } catch {
                shard.keep(parts)
                throw error
            }
        }
        return true
    }

    private func beating() async {
        while !Task.isCancelled {
            do {
                limits.share(with: try await register.beat(gateway))
                try await takeOver()
            } catch {
                logger.debug("no sign of life could be given", metadata: ["cause": "\(error)"])
            }
            try? await Task.sleep(for: Self.beatPause)
        }
    }

    private func ticking() async {
        while !Task.isCancelled {
            limits.tick(now: time.now() / 1000)
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Takes over what dead gateways have left in the folder.
    private func takeOver() async throws {
        for other in journal.folder.gateways(but: gateway) {
            guard let lock = journal.folder.lock(other) else { continue }
            let parts = journal.folder.parts(of: other)
            try await takeIn(parts, of: other, withOpen: true)
            try await register.settle(other)
            for part in parts { JournalReading.remove(part) }
            lock.remove()
            logger.notice("took over the journal of a gateway that has ended", metadata: ["gateway": "\(other)"])
        }
    }

    /// Brings parts of a journal into the ledger.
    ///
    /// - Parameter withOpen: whether requests that have only begun will never end: they count as if they had used all that was
    ///   reserved, as nobody knows what the provider has done for them.
    private func takeIn(_ parts: [String], of gateway: Int64, withOpen: Bool) async throws {
        var open: [Int64: UsageRecord] = [:]
        for part in parts { try await store.recover(JournalReading.read(part, open: &open), of: gateway) }
        guard withOpen else { return }
        let interrupted = open.values.sorted { $0.sequence < $1.sequence }.map { record in
            var record = record
            record.flags.insert(.interrupted)
            return record
        }
        try await store.recover(interrupted, of: gateway)
    }

    /// Writes what is left and ends the leases, as far as the database is there; otherwise the next gateway does.
    func close() async {
        do {
            while try await flush() {}
            guard journal.removeIfDone() else { return }
            try await register.settle(gateway)
            lock.remove()
        } catch {
            logger.warning("the ledger's last rows wait in the journal for the next start", metadata: ["cause": "\(error)"])
        }
    }
}

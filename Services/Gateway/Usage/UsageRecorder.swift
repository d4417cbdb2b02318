internal import JSON
internal import Logging
internal import ServiceKit
internal import Synchronization

/// Records this gateway's usage: what is under way in the usage log, what has ended in the ledger, and what is held of limits.
final class UsageRecorder: Sendable {
    private static let flushSize = 1000
    private static let flushInterval = Duration.milliseconds(25)
    private static let heartbeatInterval = Duration.seconds(1)

    let usageLog: UsageLog
    let rateLimiter: RateLimiter
    let replicaID: Int64
    private let store: UsageStore
    private let replicas: ReplicaStore
    private let lock: UsageLogLock
    private let time: TimeSource
    private let logger: Logger
    /// What the ledger couldn't take, since its file can't be written.
    private let lost = Atomic<Int>(0)

    /// - Throws: `ConfigurationError` when the usage log can't be written, `DatabaseError`.
    static func open(
        replicas: ReplicaStore, store: UsageStore, directory: UsageLogDirectory, time: TimeSource, logger: Logger
    ) async throws -> UsageRecorder {
        let replicaID = try await replicas.register()
        guard let lock = directory.lock(replicaID) else {
            throw ConfigurationError("--journal-dir: can't write in \(directory.path)")
        }
        do {
            let usageLog = try UsageLog(directory: directory, replicaID: replicaID)
            return UsageRecorder(
                usageLog: usageLog, replicas: replicas, store: store, lock: lock, replicaID: replicaID, time: time, logger: logger)
        } catch {
            throw ConfigurationError("--journal-dir: \(error.description)")
        }
    }

    private init(
        usageLog: UsageLog, replicas: ReplicaStore, store: UsageStore, lock: UsageLogLock, replicaID: Int64, time: TimeSource,
        logger: Logger
    ) {
        self.usageLog = usageLog
        self.replicas = replicas
        self.store = store
        self.lock = lock
        self.replicaID = replicaID
        self.time = time
        self.logger = logger
        rateLimiter = RateLimiter(leaseStore: QuotaLeaseStore(database: replicas.database, replicaID: replicaID), logger: logger)
    }

    // MARK: Requests

    /// Enters a request that was let in, with what is reserved for it.
    func begin(_ record: inout UsageRecord) throws {
        do {
            try usageLog.begin(&record)
        } catch {
            throw Self.logFailed(error)
        }
    }

    /// Enters what a request takes now, in place of what it was let in with.
    func update(_ record: UsageRecord) throws {
        do {
            try usageLog.update(record)
        } catch {
            throw Self.logFailed(error)
        }
    }

    private static func logFailed(_ error: UsageLogError) -> GatewayError {
        .unavailable("The gateway can't write its usage log at the moment.", cause: error)
    }

    /// Enters what an earlier attempt of a request used; the request's own row has what that takes of limits.
    func addAttempt(_ record: UsageRecord) {
        var record = record
        record.debits = []
        do {
            try usageLog.begin(&record)
        } catch {
            return recordLoss(error)
        }
        end(record, reserved: [])
    }

    /// Enters the end of a request; when this returns, it is in the usage log.
    ///
    /// - Parameter reserved: what was reserved at its begin; `record.debits` is what it has spent.
    func end(_ record: UsageRecord, reserved: [Debit]) {
        rateLimiter.settle(reserved: reserved, spent: record.debits)
        do {
            try usageLog.end(record)
        } catch {
            recordLoss(error)
        }
    }

    private func recordLoss(_ error: UsageLogError) {
        lost.wrappingAdd(1, ordering: .relaxed)
        logger.error("a request's usage can't be written to the usage log", metadata: ["cause": "\(error)"])
    }

    /// Rows that wait for the database, and rows that couldn't be kept.
    var counts: (pending: Int, lost: Int) { (usageLog.pendingCount, lost.load(ordering: .relaxed)) }

    // MARK: In the background

    /// Keeps the database up to date, until the task is cancelled.
    func run() async {
        await withTaskGroup { group in
            group.addTask { await self.flushPeriodically() }
            group.addTask { await self.sendHeartbeats() }
            group.addTask { await self.tickPeriodically() }
        }
    }

    private func flushPeriodically() async {
        var failure: String?
        while !Task.isCancelled {
            do {
                let wrote = try await flush()
                if failure != nil { logger.notice("the ledger takes rows again") }
                failure = nil
                if !wrote { try? await Task.sleep(for: Self.flushInterval) }
            } catch {
                let cause = "\(error)"
                if failure != cause {
                    logger.error("the ledger can't be written; rows wait in the usage log", metadata: ["cause": "\(cause)"])
                }
                failure = cause
                usageLog.sync()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// - Returns: whether there was anything.
    private func flush() async throws -> Bool {
        let pending = usageLog.pending(limit: Self.flushSize)
        let records = pending.flatMap(\.records)
        if !records.isEmpty {
            try await store.add(records, of: replicaID)
            for (shard, records) in pending { try shard.acknowledge(records.count) }
        }
        guard usageLog.hasOverflow else { return records.count >= Self.flushSize }
        // Reading files for nothing while the database is away would make segments without end.
        if records.isEmpty { try await store.check() }
        for (shard, segments) in usageLog.overflow() {
            do {
                try await recover(segments, of: replicaID, includingOpen: false)
                for segment in segments { UsageLogReader.remove(segment) }
            } catch {
                shard.restore(segments)
                throw error
            }
        }
        return true
    }

    private func sendHeartbeats() async {
        while !Task.isCancelled {
            do {
                rateLimiter.setReplicaCount(try await replicas.heartbeat(replicaID))
                try await recoverDeadReplicas()
            } catch {
                logger.debug("no heartbeat could be sent", metadata: ["cause": "\(error)"])
            }
            try? await Task.sleep(for: Self.heartbeatInterval)
        }
    }

    private func tickPeriodically() async {
        while !Task.isCancelled {
            rateLimiter.tick(now: time.now() / 1000)
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Takes over what dead gateways have left in the directory.
    private func recoverDeadReplicas() async throws {
        for other in usageLog.directory.replicas(except: replicaID) {
            guard let lock = usageLog.directory.lock(other) else { continue }
            let segments = usageLog.directory.segments(of: other)
            try await recover(segments, of: other, includingOpen: true)
            try await replicas.releaseLeases(of: other)
            for segment in segments { UsageLogReader.remove(segment) }
            lock.remove()
            logger.notice("took over the usage log of a gateway that has ended", metadata: ["gateway": "\(other)"])
        }
    }

    /// Brings segments of a usage log into the ledger.
    ///
    /// - Parameter includingOpen: whether requests that have only begun will never end: they count as if they had used all that was
    ///   reserved, as nobody knows what the provider has done for them.
    private func recover(_ segments: [String], of replicaID: Int64, includingOpen: Bool) async throws {
        var open: [Int64: UsageRecord] = [:]
        for segment in segments { try await store.recover(UsageLogReader.read(segment, open: &open), of: replicaID) }
        guard includingOpen else { return }
        let interrupted = open.values.sorted { $0.sequence < $1.sequence }.map { record in
            var record = record
            record.flags.insert(.interrupted)
            return record
        }
        try await store.recover(interrupted, of: replicaID)
    }

    /// Writes what is left and ends the leases, as far as the database is there; otherwise the next gateway does.
    func close() async {
        do {
            while try await flush() {}
            guard usageLog.removeIfDrained() else { return }
            try await replicas.releaseLeases(of: replicaID)
            lock.remove()
        } catch {
            logger.warning("the ledger's last rows wait in the usage log for the next start", metadata: ["cause": "\(error)"])
        }
    }
}

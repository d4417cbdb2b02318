internal import Logging
internal import ServiceKit
internal import ServiceLifecycle
internal import Synchronization
internal import WireProtocol

/// Records this gateway's usage: requests in flight in the usage log, ended ones in the ledger, and its shares of limits.
final class UsageRecorder: ServiceLifecycle.Service {
    private static let flushSize = 1000
    private static let flushInterval = Duration.milliseconds(25)
    /// The pause after usage couldn't be written.
    private static let flushBackoff = ExponentialBackoff.constant(.seconds(1))
    private static let heartbeatInterval = Duration.seconds(1)
    private static let tickInterval = Duration.milliseconds(100)

    let usageLog: UsageLog
    let rateLimiter: RateLimiter
    let replicaID: Int64
    private let store: UsageStore
    private let replicas: ReplicaStore
    private let lock: UsageLogLock
    private let time: TimeSource
    private let clock: any Clock<Duration>
    private let logger: Logger
    /// Rows that were lost because the usage log couldn't be written.
    private let lost = Atomic<Int>(0)

    /// Registers this process as a gateway and creates its usage log.
    ///
    /// - Throws: `ConfigurationError` if the usage log can't be written, `DatabaseError`.
    static func open(
        replicas: ReplicaStore, store: UsageStore, directory: UsageLogDirectory, time: TimeSource, clock: any Clock<Duration>,
        logger: Logger
    ) async throws -> UsageRecorder {
        let replicaID = try await replicas.register()
        guard let lock = directory.lock(replicaID) else {
            throw ConfigurationError("--usage-log-dir: can't write to \(directory.path)")
        }
        do {
            let usageLog = try UsageLog(directory: directory, replicaID: replicaID)
            return UsageRecorder(
                usageLog: usageLog, replicas: replicas, store: store, lock: lock, replicaID: replicaID, time: time, clock: clock,
                logger: logger)
        } catch {
            throw ConfigurationError("--usage-log-dir: \(error.description)")
        }
    }

    private init(
        usageLog: UsageLog, replicas: ReplicaStore, store: UsageStore, lock: UsageLogLock, replicaID: Int64, time: TimeSource,
        clock: any Clock<Duration>, logger: Logger
    ) {
        self.usageLog = usageLog
        self.replicas = replicas
        self.store = store
        self.lock = lock
        self.replicaID = replicaID
        self.time = time
        self.clock = clock
        self.logger = logger
        rateLimiter = RateLimiter(leaseStore: QuotaLeaseStore(database: replicas.database, replicaID: replicaID), logger: logger)
    }

    // MARK: Requests

    /// Records an admitted request with what is reserved for it.
    ///
    /// - Throws: `ServiceError` with 503 if the usage log can't be written.
    func begin(_ record: inout UsageRecord) throws {
        do {
            try usageLog.begin(&record)
        } catch {
            throw Self.logFailed(error)
        }
    }

    /// Replaces the record of an admitted request, which needs more than was reserved.
    ///
    /// - Throws: `ServiceError` with 503 if the usage log can't be written.
    func update(_ record: UsageRecord) throws {
        do {
            try usageLog.update(record)
        } catch {
            throw Self.logFailed(error)
        }
    }

    private static func logFailed(_ error: UsageLogError) -> ServiceError {
        .unavailable("The gateway can't write its usage log at the moment. Try again later.", cause: error)
    }

    /// Records the usage of an earlier attempt at a request. Its debits are part of the request's own row.
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

    /// Records the end of a request; the record is in the usage log when this returns.
    ///
    /// - Parameter reserved: what was reserved for the request; `record.debits` is what it has spent.
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
        logger.error("can't write a request's usage to the usage log", metadata: ["cause": "\(error)"])
    }

    /// The number of rows that wait for the database, and of rows that were lost.
    var counts: (pending: Int, lost: Int) { (usageLog.pendingCount, lost.load(ordering: .relaxed)) }

    // MARK: Background work

    /// Keeps the database up to date until the service group shuts down or the task is cancelled.
    func run() async {
        await withTaskGroup { group in
            for task in [flushes, heartbeats, ticks] { group.addTask { await task.run() } }
        }
    }

    private var flushes: PeriodicTask {
        let failureLog = FailureLog(
            logger, .error, "can't write usage to the database; rows stay in the usage log",
            recovered: "usage is written to the database again")
        return PeriodicTask(every: Self.flushInterval, backoff: Self.flushBackoff, failureLog: failureLog, clock: clock) { [self] in
            do {
                while try await flush() {}
            } catch {
                usageLog.sync()
                throw error
            }
        }
    }

    private var heartbeats: PeriodicTask {
        let failureLog = FailureLog(logger, .debug, "can't send a heartbeat")
        return PeriodicTask(every: Self.heartbeatInterval, failureLog: failureLog, clock: clock) { [self] in try await sendHeartbeat() }
    }

    private var ticks: PeriodicTask {
        PeriodicTask(every: Self.tickInterval, clock: clock) { [self] in rateLimiter.tick(now: time.now() / 1000) }
    }

    /// Writes waiting rows to the database.
    ///
    /// - Returns: whether more rows may be waiting.
    private func flush() async throws -> Bool {
        let pending = usageLog.pending(limit: Self.flushSize)
        let records = pending.flatMap(\.records)
        if !records.isEmpty {
            try await store.add(records, of: replicaID)
            for (shard, records) in pending { try shard.acknowledge(records.count) }
        }
        guard usageLog.hasOverflow else { return records.count >= Self.flushSize }
        // Each attempt to read the files starts new segments, so it must not be repeated while the database is unavailable.
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

    /// Counts the gateways that share the database, and recovers those that have crashed.
    func sendHeartbeat() async throws {
        rateLimiter.setReplicaCount(try await replicas.heartbeat(replicaID))
        try await recoverDeadReplicas()
    }

    /// Recovers the logs that crashed gateways have left in the directory.
    private func recoverDeadReplicas() async throws {
        for other in usageLog.directory.replicas(except: replicaID) {
            guard let lock = usageLog.directory.lock(other) else { continue }
            let segments = usageLog.directory.segments(of: other)
            try await recover(segments, of: other, includingOpen: true)
            try await replicas.releaseLeases(of: other)
            for segment in segments { UsageLogReader.remove(segment) }
            lock.remove()
            logger.notice("recovered the usage log of a gateway that has ended", metadata: ["gateway": "\(other)"])
        }
    }

    /// Writes the rows of usage log segments to the ledger.
    ///
    /// - Parameter includingOpen: whether to include requests that have begun and will never end. They count as if they had used
    ///   all that was reserved, since their usage at the provider is unknown.
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

    /// Writes the remaining rows and releases the leases. If the database is unavailable, the next gateway does so.
    func close() async {
        do {
            while try await flush() {}
            guard usageLog.removeIfDrained() else { return }
            try await replicas.releaseLeases(of: replicaID)
            lock.remove()
        } catch {
            logger.warning("can't write the last usage to the database; it stays in the usage log", metadata: ["cause": "\(error)"])
        }
    }
}

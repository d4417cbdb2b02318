internal import Logging
internal import Primitives
internal import Synchronization

/// Admits requests as long as no limit is exceeded.
///
/// A request reserves its worst case from the shares that this process holds. If they don't suffice, it waits for the next exchange
/// with the database, which serves all waiting requests at once; otherwise it doesn't wait.
final class RateLimiter: Sendable {
    /// How long a request waits for other gateways to return quota that they don't need.
    private static let waitTimeout = Duration.milliseconds(1500)
    private static let pollInterval = Duration.milliseconds(50)
    /// All gateways together keep a 25th of a cap as headroom, so that no request is rejected while a 20th of the cap is left.
    private static let headroomDivisor: Int64 = 25

    fileprivate struct State {
        var waiters: [WindowKey: [Waiter]] = [:]
        var runningLow: [WindowKey: LocalQuota.Demand] = [:]
        var isRunning = false
        /// Whether the granted amounts are uncertain because the response to an exchange was lost.
        var needsReconciliation = false
        var replicaCount: Int64 = 1
        /// Windows that had nothing left, and the time until which no lease on them is requested again.
        var exhausted: [WindowKey: ContinuousClock.Instant] = [:]
        /// Windows for which a lease was just requested in advance, and the time until which that isn't repeated.
        var prefetched: [WindowKey: ContinuousClock.Instant] = [:]
    }

    fileprivate struct Waiter {
        var demand: LocalQuota.Demand
        var shortfall: Int64
        var continuation: CheckedContinuation<Result<QuotaLeaseStore.Lease, any Error>, Never>
    }

    let quota = LocalQuota()
    private let state = Mutex(State())
    private let leaseStore: QuotaLeaseStore
    private let logger: Logger

    init(leaseStore: QuotaLeaseStore, logger: Logger) {
        self.leaseStore = leaseStore
        self.logger = logger
    }

    /// Reserves the most that a request may need.
    ///
    /// - Parameter now: seconds since 1970.
    /// - Throws: `LimitExceededError`; `DatabaseError` if the database is needed and unavailable.
    func admit(_ demands: [LocalQuota.Demand], now: Int64) async throws {
        guard !demands.isEmpty else { return }
        // A request that needs more than the cap can never succeed, so it must not hold up the others.
        if let hopeless = demands.first(where: { $0.amount > $0.cap }) { throw limitExceeded(by: hopeless, now) }
        var runningLow: [LocalQuota.Demand] = []
        var unmet = quota.reserve(demands, runningLow: &runningLow)
        if unmet.isEmpty { return prefetch(runningLow) }
        let deadline = ContinuousClock.now + Self.waitTimeout
        while true {
            var canWait = true
            for (demand, shortfall) in unmet {
                let lease = try await requestLease(for: demand, shortfall: shortfall)
                // What others hold helps only if it suffices.
                if lease.amount < shortfall, lease.heldByOthers < shortfall.saturatingSubtract(lease.amount) { canWait = false }
            }
            unmet = quota.reserve(demands, runningLow: &runningLow)
            guard let first = unmet.first else { return }
            guard canWait, ContinuousClock.now < deadline else { throw limitExceeded(by: first.demand, now) }
            try await Task.sleep(for: Self.pollInterval)
        }
    }

    private func limitExceeded(by demand: LocalQuota.Demand, _ now: Int64) -> LimitExceededError {
        let retryAfter = demand.rule.period == nil ? nil : max(1, demand.windowEnd.saturatingSubtract(now))
        return LimitExceededError(rule: demand.rule, retryAfter: retryAfter)
    }

    /// Waits for the next exchange with the database.
    private func requestLease(for demand: LocalQuota.Demand, shortfall: Int64) async throws -> QuotaLeaseStore.Lease {
        let isExhausted = state.withLock { $0.exhausted[demand.key].map { $0 > .now } ?? false }
        if isExhausted { return QuotaLeaseStore.Lease(amount: 0, remaining: 0, heldByOthers: 0) }
        return try await withCheckedContinuation { continuation in
            let shouldStart = state.withLock { state in
                let waiter = Waiter(demand: demand, shortfall: shortfall, continuation: continuation)
                state.waiters[demand.key, default: []].append(waiter)
                return state.start()
            }
            if shouldStart { runExchanges() }
        }.get()
    }

    private func prefetch(_ runningLow: [LocalQuota.Demand]) {
        guard !runningLow.isEmpty else { return }
        let shouldStart = state.withLock { state in
            let now = ContinuousClock.now
            for demand in runningLow where state.exhausted[demand.key] == nil && (state.prefetched[demand.key] ?? now) <= now {
                state.runningLow[demand.key] = demand
                state.prefetched[demand.key] = now + Self.pollInterval
            }
            return state.runningLow.isEmpty ? false : state.start()
        }
        if shouldStart { runExchanges() }
    }

    /// Replaces a finished request's reservation with what it spent.
    func settle(reserved: [Debit], spent: [Debit]) { quota.settle(reserved: reserved, spent: spent) }

    /// Returns quota that isn't needed here. Call this several times a second.
    ///
    /// - Parameter now: seconds since 1970.
    func tick(now: Int64) {
        let shouldStart = state.withLock { state in
            let now = ContinuousClock.now
            state.exhausted = state.exhausted.filter { $0.value > now }
            state.prefetched = state.prefetched.filter { $0.value > now }
            return state.start()
        }
        if shouldStart { runExchanges(now: now) }
    }

    /// - Parameter count: how many gateways share the database.
    func setReplicaCount(_ count: Int) { state.withLock { $0.replicaCount = Int64(max(1, count)) } }

    private func headroom(of cap: Int64) -> Int64 {
        let replicaCount = state.withLock { $0.replicaCount }
        // A single gateway needn't leave quota for others.
        return replicaCount == 1 ? cap / 2 : cap / Self.headroomDivisor / replicaCount
    }

    // MARK: Exchanges, one at a time

    /// - Parameter now: seconds since 1970; `nil` to keep the quota that isn't needed here.
    private func runExchanges(now: Int64? = nil) {
        Task {
            var now = now
            while true {
                await exchange(now: now)
                now = nil
                let continues = state.withLock { state in
                    state.isRunning = !state.waiters.isEmpty
                    return state.isRunning
                }
                if !continues { return }
            }
        }
    }

    private func exchange(now: Int64?) async {
        let (waiters, runningLow, needsReconciliation) = state.withLock { state in
            defer { (state.waiters, state.runningLow) = ([:], [:]) }
            return (state.waiters, state.runningLow, state.needsReconciliation)
        }
        do {
            if needsReconciliation {
                quota.reconcile(with: try await leaseStore.grantedAmounts())
                state.withLock { $0.needsReconciliation = false }
            }
            let excess = now.map { quota.takeExcess(now: $0, headroom: headroom) } ?? []
            let requests = leaseRequests(waiters, runningLow)
            guard !requests.isEmpty || !excess.isEmpty else { return }
            let leases = try await leaseStore.exchange(requests.map(\.request), returning: excess)
            for (request, demand) in requests {
                guard let lease = leases[request.key] else { continue }
                if lease.amount > 0 {
                    quota.grant(lease.amount, to: demand, headroom: request.headroom)
                } else if lease.remaining <= 0, lease.heldByOthers <= 0 {
                    state.withLock { $0.exhausted[request.key] = .now + Self.pollInterval }
                }
            }
            for (key, waiters) in waiters {
                let lease = leases[key] ?? QuotaLeaseStore.Lease(amount: 0, remaining: 0, heldByOthers: 0)
                for waiter in waiters { waiter.continuation.resume(returning: .success(lease)) }
            }
        } catch {
            state.withLock { $0.needsReconciliation = true }
            if waiters.isEmpty { logger.warning("can't exchange quota leases with the database", metadata: ["cause": "\(error)"]) }
            for waiter in waiters.values.joined() { waiter.continuation.resume(returning: .failure(error)) }
        }
    }

    private func leaseRequests(
        _ waiters: [WindowKey: [Waiter]], _ runningLow: [WindowKey: LocalQuota.Demand]
    ) -> [(request: QuotaLeaseStore.LeaseRequest, demand: LocalQuota.Demand)] {
        var requests = waiters.compactMap { key, waiters -> (request: QuotaLeaseStore.LeaseRequest, demand: LocalQuota.Demand)? in
            guard let first = waiters.first else { return nil }
            let demanded = waiters.map(\.demand.amount).reduce(into: Int64(0)) { $0.addSaturating($1) }
            let minimum = waiters.map(\.shortfall).min() ?? 0
            return (
                .init(
                    key: key, windowEnd: first.demand.windowEnd, cap: first.demand.cap, minimum: minimum,
                    demanded: max(minimum, demanded), headroom: headroom(of: first.demand.cap)), first.demand
            )
        }
        for (key, demand) in runningLow where waiters[key] == nil {
            let headroom = headroom(of: demand.cap)
            requests.append(
                (
                    .init(key: key, windowEnd: demand.windowEnd, cap: demand.cap, minimum: 1, demanded: 1, headroom: headroom),
                    demand
                ))
        }
        return requests
    }
}

extension RateLimiter.State {
    /// Whether the caller must start the exchanges.
    fileprivate mutating func start() -> Bool {
        guard !isRunning else { return false }
        isRunning = true
        return true
    }
}

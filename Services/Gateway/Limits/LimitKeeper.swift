internal import Logging
internal import ServiceKit
internal import Synchronization

/// Why a request isn't let in.
struct LimitRefusal: Error, Sendable {
    var rule: LimitRule
    /// Seconds until its period ends; `nil` for requests at the same time.
    var retryAfter: Int64?
}

/// Lets requests in as long as no limit is passed.
///
/// A request takes its worst case out of the shares that this process holds. Where they don't suffice, it waits for the next exchange
/// with the database, which does for all who wait at once; where there's enough, nobody waits.
final class LimitKeeper: Sendable {
    /// How long a request waits for what other gateways hold and don't need.
    private static let patience = Duration.milliseconds(1500)
    private static let pause = Duration.milliseconds(50)
    /// At so many parts of a cap, all gateways together keep one at hand: then nothing is refused while a 20th of the cap is left.
    private static let partsAtHand: Int64 = 25

    fileprivate struct State {
        var waiters: [WindowKey: [Waiter]] = [:]
        var lowKeys: [WindowKey: LimitBook.Want] = [:]
        var isRunning = false
        /// Whether what is held is uncertain, since the answer of an exchange was lost.
        var isUncertain = false
        var replicas: Int64 = 1
        /// Windows that had nothing left, until when that is believed.
        var exhausted: [WindowKey: ContinuousClock.Instant] = [:]
        /// Until when more isn't asked for ahead, since it just was.
        var asked: [WindowKey: ContinuousClock.Instant] = [:]
    }

    fileprivate struct Waiter {
        var want: LimitBook.Want
        var missing: Int64
        var continuation: CheckedContinuation<Result<LeaseStore.Grant, any Error>, Never>
    }

    let book = LimitBook()
    private let state = Mutex(State())
    private let leases: LeaseStore
    private let logger: Logger

    init(leases: LeaseStore, logger: Logger) {
        self.leases = leases
        self.logger = logger
    }

    /// Reserves what a request may need at most.
    ///
    /// - Throws: `LimitRefusal`; a `DatabaseError` when the database is needed and away.
    func admit(_ wants: [LimitBook.Want], now: Int64) async throws {
        guard !wants.isEmpty else { return }
        // A single request that is more than the cap has no chance, and takes no time of those that have one.
        if let hopeless = wants.first(where: { $0.amount > $0.cap }) { throw refusal(of: hopeless, now) }
        var low: [LimitBook.Want] = []
        var lacking = book.reserve(wants, low: &low)
        if lacking.isEmpty { return askAhead(low) }
        let deadline = ContinuousClock.now + Self.patience
        while true {
            var canWait = true
            for (want, missing) in lacking {
                let grant = try await self.grant(want, missing)
                // What others hold helps only if it is enough.
                if grant.amount < missing, grant.heldByOthers < missing.minus(grant.amount) { canWait = false }
            }
            lacking = book.reserve(wants, low: &low)
            guard let first = lacking.first else { return }
            guard canWait, ContinuousClock.now < deadline else { throw refusal(of: first.want, now) }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func refusal(of want: LimitBook.Want, _ now: Int64) -> LimitRefusal {
        LimitRefusal(rule: want.rule, retryAfter: want.rule.period == nil ? nil : max(1, want.end.minus(now)))
    }

    /// Waits for the next exchange with the database.
    private func grant(_ want: LimitBook.Want, _ missing: Int64) async throws -> LeaseStore.Grant {
        let isExhausted = state.withLock { $0.exhausted[want.key].map { $0 > .now } ?? false }
        if isExhausted { return LeaseStore.Grant(amount: 0, left: 0, heldByOthers: 0) }
        return try await withCheckedContinuation { continuation in
            let starts = state.withLock { state in
                state.waiters[want.key, default: []].append(Waiter(want: want, missing: missing, continuation: continuation))
                return state.start()
            }
            if starts { run() }
        }.get()
    }

    private func askAhead(_ low: [LimitBook.Want]) {
        guard !low.isEmpty else { return }
        let starts = state.withLock { state in
            let now = ContinuousClock.now
            for want in low where state.exhausted[want.key] == nil && (state.asked[want.key] ?? now) <= now {
                state.lowKeys[want.key] = want
                state.asked[want.key] = now + Self.pause
            }
            return state.lowKeys.isEmpty ? false : state.start()
        }
        if starts { run() }
    }

    /// A request has ended.
    func settle(reserved: [Charge], spent: [Charge]) { book.settle(reserved: reserved, spent: spent) }

    /// Gives back what isn't needed here; to be called several times a second.
    func tick(now: Int64) {
        let starts = state.withLock { state in
            let now = ContinuousClock.now
            state.exhausted = state.exhausted.filter { $0.value > now }
            state.asked = state.asked.filter { $0.value > now }
            return state.start()
        }
        if starts { run(now: now) }
    }

    /// - Parameter replicas: how many gateways share the database.
    func share(with replicas: Int) { state.withLock { $0.replicas = Int64(max(1, replicas)) } }

    private func keeps(of cap: Int64) -> Int64 {
        let replicas = state.withLock { $0.replicas }
        // Alone, there's nobody to keep anything for.
        return replicas == 1 ? cap / 2 : cap / Self.partsAtHand / replicas
    }

    // MARK: Exchanges, one after the other

    private func run(now: Int64? = nil) {
        Task {
            var now = now
            while true {
                await exchange(now: now)
                now = nil
                let goesOn = state.withLock { state in
                    state.isRunning = !state.waiters.isEmpty
                    return state.isRunning
                }
                if !goesOn { return }
            }
        }
    }

    private func exchange(now: Int64?) async {
        let (waiters, low, isUncertain) = state.withLock { state in
            defer { (state.waiters, state.lowKeys) = ([:], [:]) }
            return (state.waiters, state.lowKeys, state.isUncertain)
        }
        do {
            if isUncertain {
                book.correct(try await leases.holdings())
                state.withLock { $0.isUncertain = false }
            }
            let excess = now.map { book.excess(now: $0, keeps: keeps) } ?? []
            let wishes = wishes(waiters, low)
            guard !wishes.isEmpty || !excess.isEmpty else { return }
            let grants = try await leases.exchange(wishes.map(\.wish), giveBack: excess)
            for (wish, want) in wishes {
                guard let grant = grants[wish.key] else { continue }
                if grant.amount > 0 {
                    book.grant(grant.amount, of: want, keeps: wish.keeps)
                } else if grant.left <= 0, grant.heldByOthers <= 0 {
                    state.withLock { $0.exhausted[wish.key] = .now + Self.pause }
                }
            }
            for (key, waiters) in waiters {
                let grant = grants[key] ?? LeaseStore.Grant(amount: 0, left: 0, heldByOthers: 0)
                for waiter in waiters { waiter.continuation.resume(returning: .success(grant)) }
            }
        } catch {
            state.withLock { $0.isUncertain = true }
            if waiters.isEmpty { logger.warning("limits can't be exchanged with the database", metadata: ["cause": "\(error)"]) }
            for waiter in waiters.values.joined() { waiter.continuation.resume(returning: .failure(error)) }
        }
    }

    private func wishes(
        _ waiters: [WindowKey: [Waiter]], _ low: [WindowKey: LimitBook.Want]
    ) -> [(wish: LeaseStore.Wish, want: LimitBook.Want)] {
        var wishes = waiters.compactMap { key, waiters -> (wish: LeaseStore.Wish, want: LimitBook.Want)? in
            guard let first = waiters.first else { return nil }
            let all = waiters.map(\.want.amount).reduce(into: Int64(0)) { $0.add($1) }
            let least = waiters.map(\.missing).min() ?? 0
            return (
                .init(
                    key: key, windowEnd: first.want.end, cap: first.want.cap, least: least, all: max(least, all),
                    keeps: keeps(of: first.want.cap)), first.want
            )
        }
        for (key, want) in low where waiters[key] == nil {
            let keeps = keeps(of: want.cap)
            wishes.append((.init(key: key, windowEnd: want.end, cap: want.cap, least: 1, all: 1, keeps: keeps), want))
        }
        return wishes
    }
}

extension LimitKeeper.State {
    /// Whether the caller is to start the exchanges.
    fileprivate mutating func start() -> Bool {
        guard !isRunning else { return false }
        isRunning = true
        return true
    }
}

internal import Primitives
internal import Synchronization

/// This process's shares of limits, with what is reserved and spent of them.
///
/// A share is what the database has granted: `idle` of it is free, and the rest is reserved by requests in flight or spent.
final class LocalQuota: Sendable {
    struct QuotaShare: Sendable, Equatable {
        var granted: Int64 = 0
        var reserved: Int64 = 0
        var spent: Int64 = 0
        /// Seconds since 1970; the share is dropped afterwards.
        var windowEnd: Int64
        var cap: Int64
        /// How much idle quota is kept; more is returned.
        var headroom: Int64 = 0
        /// How many checks in a row have found nothing reserved.
        var idleChecks = 0
        /// Whether the cap has changed since the share was granted.
        var isStale = false

        var idle: Int64 { granted.saturatingSubtract(reserved).saturatingSubtract(spent) }

        /// - Returns: whether the share is running low, so that a lease should be requested.
        fileprivate mutating func reserve(_ amount: Int64) -> Bool {
            reserved.addSaturating(amount)
            idleChecks = 0
            return headroom > 1 && idle < headroom / 2
        }

        fileprivate mutating func settle(reserved amount: Int64, spent: Int64) {
            reserved.addSaturating(-amount)
            self.spent.addSaturating(spent)
        }
    }

    /// What a request needs from a window.
    struct Demand: Sendable {
        var rule: LimitRule
        var key: WindowKey
        var amount: Int64
        /// Seconds since 1970.
        var windowEnd: Int64

        var cap: Int64 { rule.cap }
    }

    /// Consecutive checks after which an unused share of concurrent requests is returned: a minute of checks every 100 ms.
    private static let maximumIdleChecks = 600

    private let shares = Mutex<[WindowKey: QuotaShare]>([:])

    /// Reserves the amounts of all demands, or of none.
    ///
    /// - Parameter runningLow: receives the demands whose share is running low, so that a lease can be requested before anyone has
    ///   to wait.
    /// - Returns: the demands that exceed their share, with the missing amounts; empty if everything is reserved.
    func reserve(_ demands: [Demand], runningLow: inout [Demand]) -> [(demand: Demand, shortfall: Int64)] {
        shares.withLock { shares in
            var unmet: [(demand: Demand, shortfall: Int64)] = []
            for demand in demands {
                guard var share = shares[demand.key] else {
                    if demand.amount > 0 { unmet.append((demand, demand.amount)) }
                    continue
                }
                // What was granted under another cap must be returned first.
                if share.cap != demand.cap {
                    share.cap = demand.cap
                    share.isStale = true
                    shares[demand.key] = share
                }
                let idle = share.isStale ? 0 : share.idle
                if idle < demand.amount { unmet.append((demand, demand.amount.saturatingSubtract(idle))) }
            }
            guard unmet.isEmpty else { return unmet }
            for demand in demands where shares[demand.key]?.reserve(demand.amount) ?? false { runningLow.append(demand) }
            return []
        }
    }

    /// Replaces a finished request's reservation with what it spent. If that is more, the share is overdrawn.
    func settle(reserved: [Debit], spent: [Debit]) {
        shares.withLock { shares in
            for (index, debit) in reserved.enumerated() {
                // Usually both lists have the same windows in the same order.
                let spent = index < spent.count && spent[index].hasSameWindow(as: debit) ? spent[index].lastingAmount : 0
                shares[debit.windowKey]?.settle(reserved: debit.amount, spent: spent)
            }
            for (index, debit) in spent.enumerated() where index >= reserved.count || !debit.hasSameWindow(as: reserved[index]) {
                shares[debit.windowKey]?.settle(reserved: 0, spent: debit.lastingAmount)
            }
        }
    }

    /// Adds what the database has granted.
    func grant(_ amount: Int64, to demand: Demand, headroom: Int64) {
        shares.withLock { shares in
            var share = shares[demand.key] ?? QuotaShare(windowEnd: demand.windowEnd, cap: demand.cap)
            share.granted.addSaturating(amount)
            share.headroom = headroom
            shares[demand.key] = share
        }
    }

    /// Removes idle quota beyond the headroom, so that the caller can return it, and drops windows that have ended.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - headroom: returns how much idle quota is kept of a cap.
    func takeExcess(now: Int64, headroom: (_ cap: Int64) -> Int64) -> [(key: WindowKey, amount: Int64)] {
        shares.withLock { shares in
            var excess: [(key: WindowKey, amount: Int64)] = []
            for (key, share) in shares {
                let isEmpty = share.granted == 0 && share.reserved == 0 && share.spent == 0
                if isEmpty || (key.window != 0 && share.windowEnd < now - 60 && share.reserved == 0) {
                    shares[key] = nil
                    continue
                }
                if share.reserved == 0 { shares[key]?.idleChecks += 1 }
                // Nothing is kept for a client that no longer sends requests.
                let isForgotten = key.window == 0 && share.reserved == 0 && share.idleChecks > Self.maximumIdleChecks
                if isForgotten, share.granted <= 0 {
                    shares[key] = nil
                    continue
                }
                let headroom = isForgotten || share.isStale ? 0 : min(headroom(share.cap), share.headroom)
                shares[key]?.isStale = false
                if share.idle > headroom {
                    excess.append((key, share.idle - headroom))
                    shares[key]?.granted -= share.idle - headroom
                }
            }
            return excess
        }
    }

    /// Takes over the granted amounts from the database, after one of its responses was lost.
    func reconcile(with granted: [WindowKey: Int64]) {
        shares.withLock { shares in
            for key in shares.keys { shares[key]?.granted = granted[key] ?? 0 }
            // Granted in the lost response: with no headroom, the next check returns it.
            for (key, amount) in granted where shares[key] == nil && amount > 0 {
                shares[key] = QuotaShare(granted: amount, windowEnd: .max, cap: amount)
            }
        }
    }
}

extension Debit {
    var windowKey: WindowKey { WindowKey(counter: counter, window: window) }

    fileprivate func hasSameWindow(as other: Debit) -> Bool { window == other.window && counter == other.counter }

    /// What stays spent after the request: nothing of a limit on concurrent requests.
    fileprivate var lastingAmount: Int64 { window == 0 ? 0 : amount }
}

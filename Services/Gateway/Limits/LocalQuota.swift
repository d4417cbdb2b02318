internal import Synchronization

/// What this process holds of limits, and what of it is reserved and spent.
///
/// A share is what the database has granted: `idle` of it is free, the rest is reserved by requests under way or spent.
final class LocalQuota: Sendable {
    struct QuotaShare: Sendable, Equatable {
        var granted: Int64 = 0
        var reserved: Int64 = 0
        var spent: Int64 = 0
        /// Seconds since 1970; the share is forgotten after it.
        var windowEnd: Int64
        var cap: Int64
        /// How much is kept at hand; more is given back.
        var headroom: Int64 = 0
        /// How many looks in a row have found nothing reserved.
        var idleChecks = 0
        /// Whether the cap has changed since it was granted.
        var isStale = false

        var idle: Int64 { granted.subtractingSaturated(reserved).subtractingSaturated(spent) }

        /// - Returns: whether so little is left that more should be asked for.
        fileprivate mutating func reserve(_ amount: Int64) -> Bool {
            reserved.addSaturated(amount)
            idleChecks = 0
            return headroom > 1 && idle < headroom / 2
        }

        fileprivate mutating func settle(reserved amount: Int64, spent: Int64) {
            reserved.addSaturated(-amount)
            self.spent.addSaturated(spent)
        }
    }

    /// What a request wants of a window.
    struct Demand: Sendable {
        var rule: LimitRule
        var key: WindowKey
        var amount: Int64
        var windowEnd: Int64

        var cap: Int64 { rule.cap }
    }

    /// Looks after which a share of requests at the same time is given up: a minute.
    private static let maximumIdleChecks = 600

    private let shares = Mutex<[WindowKey: QuotaShare]>([:])

    /// Reserves all that is wanted, or nothing.
    ///
    /// - Parameter runningLow: gets the demands of whose share so little is left that more should be asked for before somebody has
    ///   to wait.
    /// - Returns: the demands for which the share doesn't suffice, with what is missing.
    func reserve(_ demands: [Demand], runningLow: inout [Demand]) -> [(demand: Demand, shortfall: Int64)] {
        shares.withLock { shares in
            var unmet: [(demand: Demand, shortfall: Int64)] = []
            for demand in demands {
                guard var share = shares[demand.key] else {
                    if demand.amount > 0 { unmet.append((demand, demand.amount)) }
                    continue
                }
                // What was granted under another cap is given back first.
                if share.cap != demand.cap {
                    share.cap = demand.cap
                    share.isStale = true
                    shares[demand.key] = share
                }
                let idle = share.isStale ? 0 : share.idle
                if idle < demand.amount { unmet.append((demand, demand.amount.subtractingSaturated(idle))) }
            }
            guard unmet.isEmpty else { return unmet }
            for demand in demands where shares[demand.key]?.reserve(demand.amount) ?? false { runningLow.append(demand) }
            return []
        }
    }

    /// A request has ended: its reservation becomes what it spent. Where that is more, the share is overdrawn.
    func settle(reserved: [Debit], spent: [Debit]) {
        shares.withLock { shares in
            for (index, debit) in reserved.enumerated() {
                // As a rule, the same windows are reserved and spent, in one order.
                let spent = index < spent.count && spent[index].hasSameWindow(as: debit) ? spent[index].lastingAmount : 0
                shares[debit.windowKey]?.settle(reserved: debit.amount, spent: spent)
            }
            for (index, debit) in spent.enumerated() where index >= reserved.count || !debit.hasSameWindow(as: reserved[index]) {
                shares[debit.windowKey]?.settle(reserved: 0, spent: debit.lastingAmount)
            }
        }
    }

    /// The database has granted more.
    func grant(_ amount: Int64, to demand: Demand, headroom: Int64) {
        shares.withLock { shares in
            var share = shares[demand.key] ?? QuotaShare(windowEnd: demand.windowEnd, cap: demand.cap)
            share.granted.addSaturated(amount)
            share.headroom = headroom
            shares[demand.key] = share
        }
    }

    /// Takes out what is idle beyond what is kept at hand, to be given back; forgets windows that have ended.
    ///
    /// - Parameter headroom: how much of a cap is kept at hand.
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
                // Of a client that is gone, nothing is kept.
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

    /// The database knows better what was granted: after a response of it was lost.
    func reconcile(with granted: [WindowKey: Int64]) {
        shares.withLock { shares in
            for key in shares.keys { shares[key]?.granted = granted[key] ?? 0 }
            // Granted in a response that was lost: nobody keeps it, so it is given back.
            for (key, amount) in granted where shares[key] == nil && amount > 0 {
                shares[key] = QuotaShare(granted: amount, windowEnd: .max, cap: amount)
            }
        }
    }

    /// All shares, for metrics.
    var all: [WindowKey: QuotaShare] { shares.withLock { $0 } }
}

extension Debit {
    var windowKey: WindowKey { WindowKey(counter: counter, window: window) }

    fileprivate func hasSameWindow(as other: Debit) -> Bool { window == other.window && counter == other.counter }

    /// What stays spent: requests at the same time are over with the request.
    fileprivate var lastingAmount: Int64 { window == 0 ? 0 : amount }
}

extension Int64 {
    /// The difference; the least or the largest number where it would be beyond.
    func subtractingSaturated(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (self < 0 ? .min : .max) : difference
    }

    /// Adds, and stays at the least or the largest number where the sum would be beyond.
    mutating func addSaturated(_ other: Int64) {
        let (sum, overflow) = addingReportingOverflow(other)
        self = overflow ? (self < 0 ? .min : .max) : sum
    }
}

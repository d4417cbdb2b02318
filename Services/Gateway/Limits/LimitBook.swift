internal import Synchronization

/// What this process holds of limits, and what of it is reserved and spent.
///
/// A share is what the database has granted: `idle` of it is free, the rest is reserved by requests under way or spent.
final class LimitBook: Sendable {
    struct Share: Sendable, Equatable {
        var granted: Int64 = 0
        var reserved: Int64 = 0
        var spent: Int64 = 0
        /// Seconds since 1970; the share is forgotten after it.
        var end: Int64
        var cap: Int64
        /// How much is kept at hand; more is given back.
        var keeps: Int64 = 0
        /// How many looks in a row have found nothing reserved.
        var quietLooks = 0
        /// Whether the cap has changed since it was granted.
        var isStale = false

        var idle: Int64 { granted.minus(reserved).minus(spent) }

        /// - Returns: whether so little is left that more should be asked for.
        fileprivate mutating func reserve(_ amount: Int64) -> Bool {
            reserved.add(amount)
            quietLooks = 0
            return keeps > 1 && idle < keeps / 2
        }

        fileprivate mutating func settle(reserved amount: Int64, spent: Int64) {
            reserved.add(-amount)
            self.spent.add(spent)
        }
    }

    /// What a request wants of a window.
    struct Want: Sendable {
        var rule: LimitRule
        var key: WindowKey
        var amount: Int64
        var end: Int64

        var cap: Int64 { rule.cap }
    }

    /// Looks after which a share of requests at the same time is given up: a minute.
    private static let patience = 600

    private let shares = Mutex<[WindowKey: Share]>([:])

    /// Reserves all that is wanted, or nothing.
    ///
    /// - Parameter low: gets the wants of whose share so little is left that more should be asked for before somebody has to wait.
    /// - Returns: the wants for which the share doesn't suffice, with what is missing.
    func reserve(_ wants: [Want], low: inout [Want]) -> [(want: Want, missing: Int64)] {
        shares.withLock { shares in
            var lacking: [(want: Want, missing: Int64)] = []
            for want in wants {
                guard var share = shares[want.key] else {
                    if want.amount > 0 { lacking.append((want, want.amount)) }
                    continue
                }
                // What was granted under another cap is given back first.
                if share.cap != want.cap {
                    share.cap = want.cap
                    share.isStale = true
                    shares[want.key] = share
                }
                let idle = share.isStale ? 0 : share.idle
                if idle < want.amount { lacking.append((want, want.amount.minus(idle))) }
            }
            guard lacking.isEmpty else { return lacking }
            for want in wants where shares[want.key]?.reserve(want.amount) ?? false { low.append(want) }
            return []
        }
    }

    /// A request has ended: its reservation becomes what it spent. Where that is more, the share is overdrawn.
    func settle(reserved: [Charge], spent: [Charge]) {
        shares.withLock { shares in
            for (index, charge) in reserved.enumerated() {
                // As a rule, the same windows are reserved and spent, in one order.
                let spent = index < spent.count && spent[index].isOfSameWindow(as: charge) ? spent[index].lasting : 0
                shares[charge.windowKey]?.settle(reserved: charge.amount, spent: spent)
            }
            for (index, charge) in spent.enumerated() where index >= reserved.count || !charge.isOfSameWindow(as: reserved[index]) {
                shares[charge.windowKey]?.settle(reserved: 0, spent: charge.lasting)
            }
        }
    }

    /// The database has granted more.
    func grant(_ amount: Int64, of want: Want, keeps: Int64) {
        shares.withLock { shares in
            var share = shares[want.key] ?? Share(end: want.end, cap: want.cap)
            share.granted.add(amount)
            share.keeps = keeps
            shares[want.key] = share
        }
    }

    /// Takes out what is idle beyond what is kept at hand, to be given back; forgets windows that have ended.
    ///
    /// - Parameter keeps: how much of a cap is kept at hand.
    func excess(now: Int64, keeps: (_ cap: Int64) -> Int64) -> [(key: WindowKey, amount: Int64)] {
        shares.withLock { shares in
            var excess: [(key: WindowKey, amount: Int64)] = []
            for (key, share) in shares {
                let isEmpty = share.granted == 0 && share.reserved == 0 && share.spent == 0
                if isEmpty || (key.window != 0 && share.end < now - 60 && share.reserved == 0) {
                    shares[key] = nil
                    continue
                }
                if share.reserved == 0 { shares[key]?.quietLooks += 1 }
                // Of a client that is gone, nothing is kept.
                let isForgotten = key.window == 0 && share.reserved == 0 && share.quietLooks > Self.patience
                if isForgotten, share.granted <= 0 {
                    shares[key] = nil
                    continue
                }
                let keeps = isForgotten || share.isStale ? 0 : min(keeps(share.cap), share.keeps)
                shares[key]?.isStale = false
                if share.idle > keeps {
                    excess.append((key, share.idle - keeps))
                    shares[key]?.granted -= share.idle - keeps
                }
            }
            return excess
        }
    }

    /// The database knows better what was granted: after an answer of it was lost.
    func correct(_ holdings: [WindowKey: Int64]) {
        shares.withLock { shares in
            for key in shares.keys { shares[key]?.granted = holdings[key] ?? 0 }
            // Granted in an answer that was lost: nobody keeps it, so it is given back.
            for (key, amount) in holdings where shares[key] == nil && amount > 0 {
                shares[key] = Share(granted: amount, end: .max, cap: amount)
            }
        }
    }

    /// All shares, for metrics.
    var all: [WindowKey: Share] { shares.withLock { $0 } }
}

extension Charge {
    var windowKey: WindowKey { WindowKey(counter: counter, window: window) }

    fileprivate func isOfSameWindow(as other: Charge) -> Bool { window == other.window && counter == other.counter }

    /// What stays spent: requests at the same time are over with the request.
    fileprivate var lasting: Int64 { window == 0 ? 0 : amount }
}

extension Int64 {
    /// The difference; the least or the largest number where it would be beyond.
    func minus(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (self < 0 ? .min : .max) : difference
    }

    /// Adds, and stays at the least or the largest number where the sum would be beyond.
    mutating func add(_ other: Int64) {
        let (sum, overflow) = addingReportingOverflow(other)
        self = overflow ? (self < 0 ? .min : .max) : sum
    }
}

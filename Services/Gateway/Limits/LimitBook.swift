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

        var idle: Int64 { granted - reserved - spent }
    }

    /// What a request wants of a window.
    struct Want: Sendable {
        var key: WindowKey
        var amount: Int64
        var cap: Int64
        var end: Int64
    }

    /// Looks after which a share of requests at the same time is given up: a minute.
    private static let patience = 600

    private let shares = Mutex<[WindowKey: Share]>([:])

    /// Reserves all that is wanted, or nothing.
    ///
    /// - Returns: the wants for which the share doesn't suffice, with what is missing.
    func reserve(_ wants: [Want]) -> [(want: Want, missing: Int64)] {
        shares.withLock { shares in
            var lacking: [(want: Want, missing: Int64)] = []
            for want in wants {
                let idle = shares[want.key]?.idle ?? 0
                if idle < want.amount { lacking.append((want, want.amount - idle)) }
            }
            guard lacking.isEmpty else { return lacking }
            for want in wants {
                shares[want.key]?.reserved += want.amount
                shares[want.key]?.quietLooks = 0
            }
            return []
        }
    }

    /// A request has ended: its reservation becomes what it spent. Where that is more, the share is overdrawn.
    func settle(reserved: [Charge], spent: [Charge]) {
        shares.withLock { shares in
            for charge in reserved { shares[charge.windowKey]?.reserved -= charge.amount }
            // Requests at the same time are over with the request.
            for charge in spent where charge.window != 0 { shares[charge.windowKey]?.spent += charge.amount }
        }
    }

    /// The database has granted more.
    func grant(_ amount: Int64, of want: Want, keeps: Int64) {
        shares.withLock { shares in
            var share = shares[want.key] ?? Share(end: want.end, cap: want.cap)
            share.granted += amount
            share.keeps = keeps
            shares[want.key] = share
        }
    }

    /// Whether there's so little left that more should be asked for before somebody has to wait.
    func isLow(_ key: WindowKey) -> Bool {
        shares.withLock { shares in shares[key].map { $0.keeps > 1 && $0.idle < $0.keeps / 2 } ?? false }
    }

    /// Takes out what is idle beyond what is kept at hand, to be given back; forgets windows that have ended.
    ///
    /// - Parameter keeps: how much of a cap is kept at hand.
    func excess(now: Int64, keeps: (_ cap: Int64) -> Int64) -> [(key: WindowKey, amount: Int64)] {
        shares.withLock { shares in
            var excess: [(key: WindowKey, amount: Int64)] = []
            for (key, share) in shares {
                if key.window != 0, share.end + 60 < now, share.reserved == 0 {
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
                let keeps = isForgotten ? 0 : min(keeps(share.cap), share.keeps)
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
        shares.withLock { shares in for key in shares.keys { shares[key]?.granted = holdings[key] ?? 0 } }
    }

    /// All shares, for metrics.
    var all: [WindowKey: Share] { shares.withLock { $0 } }
}

extension Charge {
    var windowKey: WindowKey { WindowKey(counter: counter, window: window) }
}

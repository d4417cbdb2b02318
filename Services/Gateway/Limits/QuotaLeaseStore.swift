internal import Database

/// Leases on limits: the share of a limit's window that a gateway may spend without asking the database again.
///
/// A lease counts as spent until it is returned, so all gateways together never exceed the cap.
struct QuotaLeaseStore: Sendable {
    let database: any Database
    let replicaID: Int64

    struct LeaseRequest: Sendable {
        var key: WindowKey
        /// Seconds since 1970.
        var windowEnd: Int64
        var cap: Int64
        /// The smallest amount that lets a waiting request proceed.
        var minimum: Int64
        /// What all waiting requests need.
        var demanded: Int64
        /// How much more to grant, if available, for requests to come.
        var headroom: Int64
    }

    struct Lease: Sendable, Equatable {
        var amount: Int64
        /// What no gateway holds.
        var remaining: Int64
        /// What other gateways hold and haven't spent according to the database: they may return some of it.
        var heldByOthers: Int64
    }

    /// Returns idle quota and requests leases, in one transaction.
    func exchange(
        _ requests: [LeaseRequest], returning returned: [(key: WindowKey, amount: Int64)]
    ) async throws -> [WindowKey: Lease] {
        let requests = requests.sorted { $0.key < $1.key }
        let returned = returned.sorted { $0.key < $1.key }
        return try await database.write { connection in
            for (key, amount) in returned {
                try connection.submit(
                    """
                    UPDATE limit_leases SET granted = granted - \(amount)
                    WHERE counter = \(key.counter) AND window_start = \(key.window) AND gateway = \(replicaID)
                    """)
            }
            var leases: [WindowKey: Lease] = [:]
            for request in requests { leases[request.key] = try lease(request, connection) }
            return leases
        }
    }

    private func lease(_ request: LeaseRequest, _ connection: any Connection) throws -> Lease {
        let key = request.key
        // Creates the row, or locks the existing one, in one statement.
        let used = try connection.first(
            """
            INSERT INTO limit_windows (counter, window_start, window_end, used)
            VALUES (\(key.counter), \(key.window), \(request.windowEnd), 0)
            ON CONFLICT (counter, window_start) DO UPDATE SET window_end = excluded.window_end RETURNING used
            """
        ) { $0.int(0) }
        let leases = try connection.rows(
            "SELECT gateway, granted, spent FROM limit_leases WHERE counter = \(key.counter) AND window_start = \(key.window)"
        ) { (replicaID: $0.int(0), granted: $0.int(1), spent: $0.int(2)) }
        let remaining = request.cap - leases.map { max($0.granted, $0.spent) }.reduce(used ?? 0, +)
        let held = leases.filter { $0.replicaID != replicaID }.map { max(0, $0.granted - $0.spent) }.reduce(0, +)
        guard remaining > 0, remaining >= request.minimum else {
            return Lease(amount: 0, remaining: max(0, remaining), heldByOthers: held)
        }
        let demanded = request.demanded
        let amount = remaining >= demanded ? demanded + min(request.headroom, (remaining - demanded) / 4) : remaining
        guard amount > 0 else { return Lease(amount: 0, remaining: remaining, heldByOthers: held) }
        try connection.submit(
            """
            INSERT INTO limit_leases (counter, window_start, gateway, granted, spent)
            VALUES (\(key.counter), \(key.window), \(replicaID), \(amount), 0)
            ON CONFLICT (counter, window_start, gateway) DO UPDATE SET granted = limit_leases.granted + excluded.granted
            """)
        return Lease(amount: amount, remaining: remaining - amount, heldByOthers: held)
    }

    /// Returns what this gateway holds according to the database.
    func grantedAmounts() async throws -> [WindowKey: Int64] {
        try await database.read { connection in
            let rows = try connection.rows("SELECT counter, window_start, granted FROM limit_leases WHERE gateway = \(replicaID)") {
                (WindowKey(counter: $0.text(0), window: $0.int(1)), $0.int(2))
            }
            return Dictionary(rows) { $1 }
        }
    }
}

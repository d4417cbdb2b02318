internal import Database

/// Shares of limits: what a gateway may spend of a limit's window without asking again.
///
/// What is granted counts as spent until it is given back, so all gateways together never pass the cap.
struct LeaseStore: Sendable {
    let database: any Database
    let gateway: Int64

    struct Wish: Sendable {
        var key: WindowKey
        /// Seconds since 1970.
        var windowEnd: Int64
        var cap: Int64
        /// The least that is of use to somebody.
        var least: Int64
        /// What all who wait need.
        var all: Int64
        /// How much more is welcome, to have it at hand.
        var keeps: Int64
    }

    struct Grant: Sendable, Equatable {
        var amount: Int64
        /// What nobody holds.
        var left: Int64
        /// What other gateways hold and haven't spent, as far as is known: some of it may come back.
        var heldByOthers: Int64
    }

    /// Gives back what is idle, and takes what is wished for as far as it's there; in one transaction.
    func exchange(_ wishes: [Wish], giveBack: [(key: WindowKey, amount: Int64)]) async throws -> [WindowKey: Grant] {
        let wishes = wishes.sorted { $0.key < $1.key }
        let giveBack = giveBack.sorted { $0.key < $1.key }
        return try await database.write { connection in
            for (key, amount) in giveBack {
                try connection.submit(
                    """
                    UPDATE limit_leases SET granted = granted - \(amount)
                    WHERE counter = \(key.counter) AND window_start = \(key.window) AND gateway = \(gateway)
                    """)
            }
            var grants: [WindowKey: Grant] = [:]
            for wish in wishes { grants[wish.key] = try grant(wish, connection) }
            return grants
        }
    }

    private func grant(_ wish: Wish, _ connection: any Connection) throws -> Grant {
        let key = wish.key
        // Makes the row or locks the one that is there, in one statement.
        let used = try connection.first(
            """
            INSERT INTO limit_windows (counter, window_start, window_end, used)
            VALUES (\(key.counter), \(key.window), \(wish.windowEnd), 0)
            ON CONFLICT (counter, window_start) DO UPDATE SET window_end = excluded.window_end RETURNING used
            """
        ) { $0.int(0) }
        let leases = try connection.rows(
            "SELECT gateway, granted, spent FROM limit_leases WHERE counter = \(key.counter) AND window_start = \(key.window)"
        ) { (gateway: $0.int(0), granted: $0.int(1), spent: $0.int(2)) }
        let left = wish.cap - leases.map { max($0.granted, $0.spent) }.reduce(used ?? 0, +)
        let held = leases.filter { $0.gateway != gateway }.map { max(0, $0.granted - $0.spent) }.reduce(0, +)
        guard left > 0, left >= wish.least else { return Grant(amount: 0, left: max(0, left), heldByOthers: held) }
        let amount = left >= wish.all ? wish.all + min(wish.keeps, (left - wish.all) / 4) : left
        guard amount > 0 else { return Grant(amount: 0, left: left, heldByOthers: held) }
        try connection.submit(
            """
            INSERT INTO limit_leases (counter, window_start, gateway, granted, spent)
            VALUES (\(key.counter), \(key.window), \(gateway), \(amount), 0)
            ON CONFLICT (counter, window_start, gateway) DO UPDATE SET granted = limit_leases.granted + excluded.granted
            """)
        return Grant(amount: amount, left: left - amount, heldByOthers: held)
    }

    /// What this gateway holds according to the database.
    func holdings() async throws -> [WindowKey: Int64] {
        try await database.read { connection in
            let rows = try connection.rows("SELECT counter, window_start, granted FROM limit_leases WHERE gateway = \(gateway)") {
                (WindowKey(counter: $0.text(0), window: $0.int(1)), $0.int(2))
            }
            return Dictionary(rows) { $1 }
        }
    }
}

internal import Database

/// The gateways that share a database.
struct ReplicaStore: Sendable {
    /// Milliseconds without a heartbeat after which a gateway counts as dead.
    static let heartbeatTimeout: Int64 = 10_000
    /// Seconds after which the window of a budget that only raises alerts is no longer read.
    private static let longestWindow: Int64 = 62 * 86400

    let database: any Database

    /// Returns the database's identity, which usage logs have in their file names.
    ///
    /// - Parameter new: the identity for a database that has none.
    func identity(_ new: String) async throws -> String {
        try await database.write { connection in
            try connection.execute(
                "INSERT INTO gateway_identity (identity) SELECT \(new) WHERE NOT EXISTS (SELECT 1 FROM gateway_identity)")
            return try connection.first("SELECT identity FROM gateway_identity ORDER BY identity LIMIT 1") { $0.text(0) } ?? new
        }
    }

    /// Registers this process as a gateway and returns its number.
    func register() async throws -> Int64 {
        try await database.write { connection in
            let now = connection.dialect.currentMilliseconds
            return try connection.first("INSERT INTO gateways (started_at, seen_at) VALUES (\(now), \(now)) RETURNING id") {
                $0.int(0)
            } ?? 0
        }
    }

    /// Sends a heartbeat, releases the concurrency slots of dead gateways and returns the number of live ones. Times are the
    /// database's, since the gateways' clocks may differ.
    func heartbeat(_ replicaID: Int64) async throws -> Int {
        try await database.write { connection in
            let now =
                try connection.first(
                    "UPDATE gateways SET seen_at = \(connection.dialect.currentMilliseconds) WHERE id = \(replicaID) RETURNING seen_at"
                ) { $0.int(0) } ?? 0
            let oldest = now - Self.heartbeatTimeout
            // A dead process has no requests in flight, so its shares of concurrent requests are free. Its other shares are
            // released when its usage log is recovered, since only the log has what it has spent.
            try connection.execute(
                """
                DELETE FROM limit_leases WHERE window_start = 0
                AND gateway NOT IN (SELECT id FROM gateways WHERE seen_at >= \(oldest))
                """)
            try connection.execute("DELETE FROM limit_leases WHERE (counter, window_start) IN (\(Self.endedWindows(now)))")
            try connection.execute("DELETE FROM limit_windows WHERE window_start > 0 AND window_end < \(now / 1000 - 3600)")
            try connection.execute(
                """
                DELETE FROM limit_windows WHERE window_start = 0 AND NOT EXISTS (
                    SELECT 1 FROM limit_leases l WHERE l.counter = limit_windows.counter AND l.window_start = 0)
                """)
            // Budgets that only raise alerts have no windows.
            try connection.execute(
                """
                DELETE FROM limit_leases WHERE window_start > 0 AND window_start < \(now / 1000 - Self.longestWindow) AND NOT EXISTS (
                    SELECT 1 FROM limit_windows w WHERE w.counter = limit_leases.counter AND w.window_start = limit_leases.window_start)
                """)
            return try connection.first("SELECT COUNT(*) FROM gateways WHERE seen_at >= \(oldest)") { Int($0.int(0)) } ?? 1
        }
    }

    /// - Parameter now: milliseconds since 1970.
    private static func endedWindows(_ now: Int64) -> SQL {
        "SELECT counter, window_start FROM limit_windows WHERE window_start > 0 AND window_end < \(now / 1000 - 3600)"
    }

    /// Releases the leases of a gateway, once all that it has spent is in the ledger.
    func releaseLeases(of replicaID: Int64) async throws {
        try await database.write { connection in
            let leases = try connection.rows(
                """
                SELECT counter, window_start, spent FROM limit_leases
                WHERE gateway = \(replicaID) AND window_start > 0 ORDER BY counter, window_start
                """
            ) { (key: WindowKey(counter: $0.text(0), window: $0.int(1)), spent: $0.int(2)) }
            for lease in leases {
                try connection.execute(
                    """
                    INSERT INTO limit_windows (counter, window_start, window_end, used)
                    VALUES (\(lease.key.counter), \(lease.key.window), \(lease.key.window + Self.longestWindow), \(lease.spent))
                    ON CONFLICT (counter, window_start) DO UPDATE SET used = limit_windows.used + excluded.used
                    """)
            }
            try connection.execute("DELETE FROM limit_leases WHERE gateway = \(replicaID)")
            try connection.execute("UPDATE gateways SET seen_at = 0 WHERE id = \(replicaID)")
        }
    }
}

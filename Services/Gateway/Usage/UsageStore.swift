internal import Database
internal import Synchronization

/// Access to the ledger in the database.
final class UsageStore: Sendable {
    private let database: any Database
    /// Cached ids by which rows refer to the names of teams, keys, routes, providers and models.
    private let names = Mutex<[String: Int64]>([:])
    /// The last day that has a partition, in days since 1970; on PostgreSQL only.
    private let lastPartitionDay = Mutex<Int64>(0)

    init(database: any Database) {
        self.database = database
    }

    /// Inserts rows of a gateway and adds what they spent to its leases. Rows that exist already are ignored.
    func add(_ records: [UsageRecord], of replicaID: Int64) async throws {
        guard !records.isEmpty else { return }
        try await ensurePartitions(records)
        let wanted = Self.names(of: records)
        let known = names.withLock { names in wanted.allSatisfy { names[$0] != nil } ? names : nil }
        let numbers: [String: Int64]
        do {
            numbers = try await write(records, of: replicaID, wanted, known)
        } catch is DuplicateRowsError {
            return try await recover(records, of: replicaID)
        }
        if known == nil { names.withLock { $0.merge(numbers) { $1 } } }
    }

    private func write(
        _ records: [UsageRecord], of replicaID: Int64, _ wanted: Set<String>, _ known: [String: Int64]?
    ) async throws -> [String: Int64] {
        try await database.write { connection in
            let numbers = try known ?? Self.numbers(wanted, connection)
            var arrived = 0
            for slice in records.powerOfTwoChunks() { arrived += try Self.insert(slice, numbers, replicaID, connection) }
            // Rows may exist if an earlier commit's response was lost; their spending has been added already.
            guard arrived == records.count else { throw DuplicateRowsError() }
            try Self.addSpending(records, replicaID, connection)
            return numbers
        }
    }

    /// Checks the connection to the database.
    ///
    /// - Throws: `DatabaseError` if the database can't be reached.
    func check() async throws { _ = try await database.read { try $0.exists("SELECT 1") } }

    /// Inserts rows one by one, since some of them may exist already.
    func recover(_ records: [UsageRecord], of replicaID: Int64) async throws {
        for start in stride(from: 0, to: records.count, by: 500) {
            let chunk = Array(records[start..<min(start + 500, records.count)])
            try await ensurePartitions(chunk)
            let wanted = Self.names(of: chunk)
            try await database.write { connection in
                let numbers = try Self.numbers(wanted, connection)
                var new: [UsageRecord] = []
                for record in chunk where try Self.insert([record][...], numbers, replicaID, connection) == 1 { new.append(record) }
                try Self.addSpending(new, replicaID, connection)
            }
        }
    }

    private static func names(of records: [UsageRecord]) -> Set<String> {
        var names: Set<String> = []
        for (index, record) in records.enumerated() {
            // Consecutive requests mostly have the same names.
            if index > 0, record.hasSameNames(as: records[index - 1]) { continue }
            for case let name? in [record.team, record.key, record.route, record.provider, record.model] { names.insert(name) }
        }
        return names
    }

    private static func insert(
        _ records: ArraySlice<UsageRecord>, _ numbers: [String: Int64], _ replicaID: Int64, _ connection: any Connection
    ) throws -> Int {
        let rows = records.map { record -> [SQLValue] in
            func number(_ name: String?) -> SQLValue { name.flatMap { numbers[$0] }?.sqlValue ?? .null }
            func optional(_ value: Int64?) -> SQLValue { value?.sqlValue ?? .null }
            return [
                record.at.sqlValue, replicaID.sqlValue, record.sequence.sqlValue, number(record.team), number(record.key),
                number(record.route), number(record.provider), number(record.model), optional(record.promptTokens),
                optional(record.completionTokens), optional(record.cachedTokens), optional(record.cost), record.latency.sqlValue,
                optional(record.firstToken), record.status.sqlValue, record.flags.rawValue.sqlValue, record.attempts.sqlValue,
                optional(record.cacheWriteTokens), optional(record.cacheWrite1hTokens),
            ]
        }
        return try connection.execute(
            """
            INSERT INTO usage (
                at, gateway, sequence, team, key, route, provider, model, prompt_tokens, completion_tokens, cached_tokens, cost,
                latency, first_token, status, flags, attempts, cache_write_tokens, cache_write_1h_tokens)
            VALUES \(.rows(rows)) ON CONFLICT DO NOTHING
            """)
    }

    private static func addSpending(_ records: [UsageRecord], _ replicaID: Int64, _ connection: any Connection) throws {
        var sums: [WindowKey: Int64] = [:]
        for debit in records.flatMap(\.debits) where debit.window != 0 && debit.amount > 0 {
            let key = WindowKey(counter: debit.counter, window: debit.window)
            sums[key, default: 0].addSaturated(debit.amount)
        }
        // Always in the same order, so that transactions can't deadlock.
        for (key, sum) in sums.sorted(by: { $0.key < $1.key }) {
            try connection.submit(
                """
                INSERT INTO limit_leases (counter, window_start, gateway, granted, spent)
                VALUES (\(key.counter), \(key.window), \(replicaID), 0, \(sum))
                ON CONFLICT (counter, window_start, gateway) DO UPDATE SET spent = limit_leases.spent + excluded.spent
                """)
        }
    }

    /// Returns the ids of names; new names are inserted.
    private static func numbers(_ names: Set<String>, _ connection: any Connection) throws -> [String: Int64] {
        guard !names.isEmpty else { return [:] }
        var numbers: [String: Int64] = [:]
        // Always in the same order, so that transactions can't deadlock.
        for slice in names.sorted().powerOfTwoChunks() {
            try connection.submit(
                "INSERT INTO usage_names (name) VALUES \(.rows(slice.map { [$0.sqlValue] })) ON CONFLICT (name) DO NOTHING")
            try connection.query("SELECT name, id FROM usage_names WHERE name IN (\(.list(slice)))") { numbers[$0.text(0)] = $0.int(1) }
        }
        return numbers
    }

    // MARK: Partitions and retention

    private func ensurePartitions(_ records: [UsageRecord]) async throws {
        guard database.dialect == .postgresql, let latest = records.map({ $0.at / 86_400_000 }).max() else { return }
        guard lastPartitionDay.withLock({ $0 < latest + 1 }) else { return }
        let first = max(lastPartitionDay.withLock { $0 + 1 }, latest)
        // Tomorrow's as well, so that it exists at midnight.
        try await database.write { connection in
            for day in first...(latest + 1) { _ = try connection.first("SELECT usage_day_ensure(\(day))") { $0.int(0) } }
        }
        lastPartitionDay.withLock { $0 = max($0, latest + 1) }
    }

    /// Deletes the days that ended before `before`, in milliseconds since 1970.
    func expire(before: Int64) async throws {
        let day = before / 86_400_000
        guard day > 0 else { return }
        if database.dialect == .postgresql {
            try await database.write { connection in _ = try connection.first("SELECT usage_days_expire(\(day))") { $0.int(0) } }
            return
        }
        // Rows are stored in the order of time, so this frees whole pages. It deletes in batches to keep transactions short.
        while try await expireBatch(before: day * 86_400_000) > 0 {}
    }

    private func expireBatch(before: Int64) async throws -> Int {
        try await database.write { connection in
            let end = try connection.first("SELECT at FROM usage WHERE at < \(before) ORDER BY at LIMIT 1 OFFSET 5000") { $0.int(0) }
            return try connection.execute("DELETE FROM usage WHERE at < \(end ?? before)")
        }
    }
}

/// Some of the rows exist in the ledger already.
private struct DuplicateRowsError: Error {}

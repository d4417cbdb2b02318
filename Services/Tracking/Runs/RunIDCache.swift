internal import Database
internal import Synchronization

/// Where a run is: its number in this database and its experiment. Neither ever changes, so what is known is kept in memory, up
/// to a bound; whether the run is active does change, and is not kept.
final class RunIDCache: Sendable {
    struct Entry: Sendable {
        var run: Int64
        var experiment: Int64
    }

    private static let limit = 20_000

    private let database: any Database
    private let entries = Mutex([String: Entry]())

    init(database: any Database) {
        self.database = database
    }

    /// The places of those of the runs that exist, as the database has them now.
    static func find(_ runIDs: some Sequence<String>, _ connection: any Connection) throws -> [String: Entry] {
        var entries: [String: Entry] = [:]
        for slice in Array(Set(runIDs)).powerOfTwoChunks(limit: 128) {
            try connection.query("SELECT run_uuid, id, experiment_id FROM runs WHERE run_uuid IN (\(.list(slice)))") { row in
                entries[row.text(0)] = Entry(run: row.int(1), experiment: row.int(2))
            }
        }
        return entries
    }

    /// - Throws: `ServiceError` when there is no such run.
    func entry(for runID: String) async throws -> Entry {
        if let entry = entries.withLock({ $0[runID] }) { return entry }
        let found = try await database.read(.statement) { connection in
            try connection.first("SELECT id, experiment_id FROM runs WHERE run_uuid = \(runID)") {
                Entry(run: $0.int(0), experiment: $0.int(1))
            }
        }
        guard let found else { throw RunService.notFound(runID) }
        entries.withLock { entries in
            if entries.count >= Self.limit { entries = [:] }
            entries[runID] = found
        }
        return found
    }
}

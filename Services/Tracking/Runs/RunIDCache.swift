internal import Database
internal import Synchronization
internal import WireProtocol

/// Cache of the row ID and experiment of runs. Neither ever changes. The lifecycle stage does, so it isn't cached.
final class RunIDCache: Sendable {
    struct Entry: Sendable {
        var run: Int64
        var experiment: Int64
    }

    /// Entries.
    private static let limit = 20_000

    private let database: any Database
    private let entries = Mutex([String: Entry]())

    init(database: any Database) {
        self.database = database
    }

    /// Looks up those runs that exist, directly in the database.
    static func find(_ runIDs: some Sequence<String>, _ connection: any Connection) throws -> [String: Entry] {
        var entries: [String: Entry] = [:]
        for slice in Array(Set(runIDs)).powerOfTwoChunks(limit: 128) {
            try connection.query("SELECT run_uuid, id, experiment_id FROM runs WHERE run_uuid IN (\(.list(slice)))") { row in
                entries[row.text(0)] = Entry(run: row.int(1), experiment: row.int(2))
            }
        }
        return entries
    }

    /// Returns the entry of a run, from the cache if possible.
    ///
    /// - Throws: `ServiceError` if the run doesn't exist.
    func entry(for runID: String) async throws -> Entry {
        if let entry = entries.withLock({ $0[runID] }) { return entry }
        let found = try await database.read(.statement) { connection in
            try connection.first("SELECT id, experiment_id FROM runs WHERE run_uuid = \(runID)") {
                Entry(run: $0.int(0), experiment: $0.int(1))
            }
        }
        guard let found else { throw ServiceError.runNotFound(runID) }
        entries.withLock { entries in
            if entries.count >= Self.limit { entries = [:] }
            entries[runID] = found
        }
        return found
    }
}

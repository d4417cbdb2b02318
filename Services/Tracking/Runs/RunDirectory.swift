internal import Database
internal import Synchronization

/// Where a run is: its number in this database and its experiment. Neither ever changes, so what is known is kept in memory, up
/// to a bound; whether the run is active does change, and is not kept.
final class RunDirectory: Sendable {
    struct Place: Sendable {
        var run: Int64
        var experiment: Int64
    }

    private static let limit = 20_000

    private let database: any Database
    private let places = Mutex([String: Place]())

    init(database: any Database) {
        self.database = database
    }

    /// - Throws: `ServiceError` when there is no such run.
    func place(of runID: String) async throws -> Place {
        if let place = places.withLock({ $0[runID] }) { return place }
        let found = try await database.read(.statement) { connection in
            try connection.first("SELECT id, experiment_id FROM runs WHERE run_uuid = \(runID)") {
                Place(run: $0.int(0), experiment: $0.int(1))
            }
        }
        guard let found else { throw RunRules.missing(runID) }
        places.withLock { places in
            if places.count >= Self.limit { places = [:] }
            places[runID] = found
        }
        return found
    }
}

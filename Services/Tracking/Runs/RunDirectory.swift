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

    /// The places of those of the runs that exist, as the database has them now.
    static func places(of runIDs: some Sequence<String>, _ connection: any Connection) throws -> [String: Place] {
        var places: [String: Place] = [:]
        for slice in Array(Set(runIDs)).inPowersOfTwo(limit: 128) {
            try connection.query("SELECT run_uuid, id, experiment_id FROM runs WHERE run_uuid IN (\(.list(slice)))") { row in
                places[row.text(0)] = Place(run: row.int(1), experiment: row.int(2))
            }
        }
        return places
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

internal import Database
internal import Primitives
internal import WireProtocol

/// SQL for runs, except logged data, which is in `RunDataStore`.
struct RunStore: Sendable {
    private let database: any Database
    private let createBatcher: WriteBatcher<NewRun, RunRow>

    init(database: any Database) {
        self.database = database
        // Creating runs takes many statements, so on PostgreSQL waiting for more runs per statement increases the throughput.
        let commitDelay: Duration = database.dialect == .postgresql ? .microseconds(500) : .microseconds(20)
        createBatcher = WriteBatcher(database: database, commitDelay: commitDelay, body: Self.create)
    }

    /// - Throws: `ServiceError` if the experiment is missing or deleted.
    func create(_ run: NewRun) async throws -> RunRow {
        try await createBatcher.write(run)
    }

    /// Changes those fields of an active run that aren't `nil`, and returns the updated run.
    ///
    /// - Parameter nameKey: the key ID of the tag that duplicates the run's name.
    func update(
        _ runID: String, status: RunStatus?, endTime: UnixMilliseconds?, name: String?, nameKey: Int64
    ) async throws -> RunRow {
        try await database.write { connection in
            let run = try Self.activeRun(runID, connection)
            try connection.execute(
                """
                UPDATE runs SET status = COALESCE(\(status?.rawValue), status), end_time = COALESCE(\(endTime), end_time)
                WHERE id = \(run.id)
                """)
            if let name { try Self.rename(run.id, to: name, nameKey: nameKey, connection) }
            return try Self.find(runID, connection) ?? run
        }
    }

    /// - Returns: whether the run exists.
    func setLifecycleStage(_ runID: String, to stage: LifecycleStage, time: UnixMilliseconds) async throws -> Bool {
        let deletedTime: UnixMilliseconds? = stage == .deleted ? time : nil
        return try await database.write { connection in
            try connection.execute(
                """
                UPDATE runs SET lifecycle_stage = \(stage.rawValue), deleted_time = \(deletedTime) WHERE run_uuid = \(runID)
                """) > 0
        }
    }

    // MARK: Within a transaction

    static func find(_ runID: String, _ connection: any Connection) throws -> RunRow? {
        try connection.first("SELECT \(RunRow.columns) FROM runs r WHERE r.run_uuid = \(runID)", RunRow.init)
    }

    /// Returns an active run, locked against changes by others until the transaction ends.
    ///
    /// - Throws: `ServiceError` if the run is missing or deleted.
    static func activeRun(_ runID: String, _ connection: any Connection) throws -> RunRow {
        let run = try connection.first(
            "SELECT \(RunRow.columns) FROM runs r WHERE r.run_uuid = \(runID)\(connection.dialect.forUpdate)", RunRow.init)
        guard let run else { throw ServiceError.runNotFound(runID) }
        try run.info.lifecycleStage.requireActive(run: runID)
        return run
    }

    /// Requests the stages of runs and locks the runs against changes by others until the transaction ends. Locks in the order of
    /// row IDs, so that transactions can't deadlock.
    static func lock(_ runs: Set<Int64>, _ connection: any Connection) throws -> PipelinedRows<Int64, LifecycleStage> {
        let queries: [SQL] = runs.sorted().powerOfTwoChunks(limit: 128).map { slice in
            "SELECT id, lifecycle_stage FROM runs WHERE id IN (\(.list(slice))) ORDER BY id\(connection.dialect.forUpdate)"
        }
        return try PipelinedRows(queries, on: connection) { row in
            (row.int(0), LifecycleStage(rawValue: row.text(1)) ?? .active)
        }
    }

    static func rename(_ id: Int64, to name: String, nameKey: Int64, _ connection: any Connection) throws {
        try connection.submit("UPDATE runs SET name = \(name) WHERE id = \(id)")
        try TagRows.upsert([TagRow(key: RunKey(run: id, key: nameKey), value: name)], connection)
    }

    // MARK: Creation

    private static func create(_ connection: any Connection, _ runs: [NewRun]) throws -> [Result<RunRow, any Error>] {
        let experiments = try experiments(Set(runs.map(\.experimentID)), connection)
        var results: [Result<RunRow, any Error>] = []
        var created: [(position: Int, run: NewRun, info: RunInfo)] = []
        for run in runs {
            results.append(
                Result {
                    guard let experiment = experiments[run.experimentID] else { throw ServiceError.experimentNotFound(run.experimentID) }
                    try experiment.stage.requireActive(experiment: run.experimentID)
                    let info = run.info(experimentLocation: experiment.location)
                    created.append((results.count, run, info))
                    return RunRow(id: 0, info: info)
                })
        }
        var tags: [TagRow] = []
        for slice in created.powerOfTwoChunks() {
            let ids = try insert(slice.map(\.info), connection)
            for entry in slice {
                guard let id = ids[entry.info.runID] else { continue }
                results[entry.position] = .success(RunRow(id: id, info: entry.info))
                tags += entry.run.tags.map { TagRow(key: RunKey(run: id, key: $0.key), value: $0.value) }
            }
        }
        try TagRows.insert(tags, connection)
        return results
    }

    private static func experiments(_ ids: Set<Int64>, _ connection: any Connection) throws
        -> [Int64: (location: String, stage: LifecycleStage)]
    {
        var experiments: [Int64: (location: String, stage: LifecycleStage)] = [:]
        for slice in Array(ids).powerOfTwoChunks(limit: 128) {
            try connection.query(
                "SELECT id, artifact_location, lifecycle_stage FROM experiments WHERE id IN (\(.list(slice)))"
            ) { row in
                experiments[row.int(0)] = (row.text(1), LifecycleStage(rawValue: row.text(2)) ?? .active)
            }
        }
        return experiments
    }

    private static func insert(_ infos: [RunInfo], _ connection: any Connection) throws -> [String: Int64] {
        let rows = infos.map { info in
            [
                info.runID.sqlValue, info.experimentID.sqlValue, info.runName.sqlValue, info.userID.sqlValue, info.status.sqlValue,
                info.startTime.sqlValue, info.artifactURI.sqlValue, info.lifecycleStage.rawValue.sqlValue,
            ]
        }
        var ids: [String: Int64] = [:]
        try connection.query(
            """
            INSERT INTO runs (run_uuid, experiment_id, name, user_id, status, start_time, artifact_uri, lifecycle_stage)
            VALUES \(.rows(rows)) RETURNING run_uuid, id
            """
        ) { row in ids[row.text(0)] = row.int(1) }
        return ids
    }
}

/// A run to create, with key IDs for its tags.
struct NewRun: Sendable {
    var runID: String
    var experimentID: Int64
    var name: String
    var userID: String
    var startTime: UnixMilliseconds
    var tags: [(key: Int64, value: String)]

    func info(experimentLocation: String) -> RunInfo {
        RunInfo(
            runID: runID, experimentID: experimentID, runName: name, userID: userID, status: RunStatus.running.rawValue,
            startTime: startTime, endTime: nil,
            artifactURI: ArtifactURI.appending("\(runID)/artifacts", to: experimentLocation), lifecycleStage: .active)
    }
}

/// A run with its row ID.
struct RunRow: Sendable {
    static let columns: SQL =
        """
        r.id, r.run_uuid, r.experiment_id, r.name, r.user_id, r.status, r.start_time, r.end_time, r.artifact_uri, \
        r.lifecycle_stage
        """

    var id: Int64
    var info: RunInfo

    init(id: Int64, info: RunInfo) {
        self.id = id
        self.info = info
    }

    /// Reads a row of `columns`.
    init(_ row: borrowing Row) {
        id = row.int(0)
        info = RunInfo(
            runID: row.text(1), experimentID: row.int(2), runName: row.text(3), userID: row.text(4), status: row.text(5),
            startTime: row.quantity(6), endTime: row.optionalQuantity(7), artifactURI: row.text(8),
            lifecycleStage: LifecycleStage(rawValue: row.text(9)) ?? .active)
    }
}

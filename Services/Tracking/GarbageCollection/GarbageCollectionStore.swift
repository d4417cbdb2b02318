internal import Database
internal import WireProtocol

/// The SQL of removing what was deleted.
///
/// The table `removals` holds what is left to do: experiments (`experiment`, by id) of which runs, models or traces are still there,
/// points of metrics (`points`, by the number of the run), and artifacts (`artifacts`, by location).
struct GarbageCollectionStore: Sendable {
    let database: any Database

    private static let artifactsFolder = "/artifacts"

    // MARK: Experiments

    /// Removes experiments that were deleted before a time; what is in them comes next. The default experiment stays.
    ///
    /// - Returns: how many they were.
    func removeExperiments(deletedBefore cutoff: Int64) async throws -> Int {
        try await database.write { connection in
            let ids = try connection.rows(
                """
                DELETE FROM experiments WHERE lifecycle_stage = 'deleted' AND last_update_time <= \(cutoff)
                    AND id <> \(ExperimentService.defaultID)
                RETURNING id
                """
            ) { $0.int(0) }
            for slice in ids.powerOfTwoChunks(limit: 128) {
                try connection.execute("DELETE FROM experiment_tags WHERE experiment_id IN (\(.list(slice)))")
            }
            try Self.enqueueRemovals("experiment", ids.map { String($0) }, connection)
            return ids.count
        }
    }

    /// Removes what is left of closed experiments when all of their runs and models are gone.
    func removeExperimentRemnants() async throws {
        let ids = try await database.read { try Self.pendingRemovals("experiment", $0) }.compactMap { Int64($0) }
        for id in ids {
            try await database.write { connection in
                try Self.finishRemoval("experiment", String(id), connection)
                // An import may have brought it back.
                guard try !connection.exists("SELECT 1 FROM experiments WHERE id = \(id)") else { return }
                try connection.execute("DELETE FROM datasets WHERE experiment_id = \(id)")
                // SQLite gives the number after the largest one: while that stays, no number is given again, and the names that
                // services remember stay true.
                try connection.execute("DELETE FROM keys WHERE experiment_id = \(id) AND id < (SELECT MAX(id) FROM keys)")
            }
        }
    }

    // MARK: Runs

    /// The numbers of the runs to remove.
    func runs(deletedBefore cutoff: Int64) async throws -> [Int64] {
        try await database.read { connection in
            try connection.rows("SELECT id FROM runs WHERE \(Self.isCollectable(cutoff)) ORDER BY id") { $0.int(0) }
        }
    }

    /// Removes those of the runs that are still to be removed, with all that was logged to them but the points of metrics: these
    /// may be millions, and come next.
    ///
    /// - Returns: how many they were.
    func removeRuns(_ ids: [Int64], deletedBefore cutoff: Int64) async throws -> Int {
        try await database.write { connection in
            let runs = try connection.rows(
                """
                SELECT id, run_uuid, artifact_uri FROM runs WHERE id IN (\(.list(ids))) AND (\(Self.isCollectable(cutoff)))
                ORDER BY id\(connection.dialect.forUpdate)
                """
            ) { (id: $0.int(0), uuid: $0.text(1), location: Self.folder(of: $0.text(1), artifacts: $0.text(2))) }
            guard !runs.isEmpty else { return 0 }
            // What comes next are the `metrics` alone.
            try StagedPoints.compact(Set(runs.map(\.id)), connection)
            let list = SQL.list(runs.map(\.id))
            let tables: [SQL] = [
                "latest_metrics", "metric_marks", "params", "tags", "run_inputs", "run_input_tags", "run_model_inputs",
                "run_model_outputs", "logged_model_metrics",
            ]
            for table in tables { try connection.execute("DELETE FROM \(table) WHERE run_id IN (\(list))") }
            try connection.execute("DELETE FROM trace_runs WHERE run_id IN (\(.list(runs.map(\.uuid))))")
            try Self.enqueueRemovals("points", runs.map { String($0.id) }, connection)
            try Self.enqueueRemovals("artifacts", runs.map(\.location), connection)
            try connection.execute("DELETE FROM runs WHERE id IN (\(list))")
            return runs.count
        }
    }

    /// The numbers of removed runs of which there may be points.
    func runsWithPoints() async throws -> [Int64] {
        try await database.read { try Self.pendingRemovals("points", $0) }.compactMap { Int64($0) }
    }

    /// Removes points of a removed run: about as many as the limit says.
    ///
    /// - Returns: how many; none when it has no more.
    func removePoints(of run: Int64, atMost limit: Int) async throws -> Int {
        try await database.write { connection in
            let last = try connection.first(
                """
                SELECT key_id, step FROM metrics WHERE run_id = \(run)
                ORDER BY key_id, step, timestamp, value, is_nan LIMIT 1 OFFSET \(limit)
                """
            ) { row -> SQL in " AND (key_id, step) <= (\(row.int(0)), \(row.int(1)))" }
            let removed = try connection.execute("DELETE FROM metrics WHERE run_id = \(run)\(last ?? "")")
            if removed == 0 { try Self.finishRemoval("points", String(run), connection) }
            return removed
        }
    }

    // MARK: Logged models

    /// The numbers of the models to remove.
    func models(deletedBefore cutoff: Int64) async throws -> [Int64] {
        try await database.read { connection in
            try connection.rows("SELECT id FROM logged_models WHERE \(Self.isCollectable(cutoff)) ORDER BY id") { $0.int(0) }
        }
    }

    /// Removes those of the models that are still to be removed, with all that was logged to them.
    ///
    /// - Returns: how many they were.
    func removeModels(_ ids: [Int64], deletedBefore cutoff: Int64) async throws -> Int {
        try await database.write { connection in
            let models = try connection.rows(
                """
                SELECT id, model_id, artifact_uri FROM logged_models WHERE id IN (\(.list(ids))) AND (\(Self.isCollectable(cutoff)))
                ORDER BY id\(connection.dialect.forUpdate)
                """
            ) { (id: $0.int(0), location: Self.folder(of: $0.text(1), artifacts: $0.text(2))) }
            guard !models.isEmpty else { return 0 }
            let list = SQL.list(models.map(\.id))
            let tables: [SQL] = ["logged_model_params", "logged_model_tags", "logged_model_metrics"]
            for table in tables { try connection.execute("DELETE FROM \(table) WHERE model_id IN (\(list))") }
            try Self.enqueueRemovals("artifacts", models.map(\.location), connection)
            try connection.execute("DELETE FROM logged_models WHERE id IN (\(list))")
            return models.count
        }
    }

    // MARK: Traces

    /// Removes traces of closed experiments, with all that belongs to them: as many as the limit says at most.
    ///
    /// - Returns: how many; none when there are no more.
    func removeTraces(atMost limit: Int) async throws -> Int {
        let ids = try await database.read { try Self.pendingRemovals("experiment", $0) }.compactMap { Int64($0) }
        for id in ids {
            let removed = try await database.write { connection in
                // An import may have brought it back.
                guard try !connection.exists("SELECT 1 FROM experiments WHERE id = \(id)") else { return 0 }
                return try TraceDeletion.remove("t.experiment_id = \(id)", limit: limit, connection)
            }
            if removed > 0 { return removed }
        }
        return 0
    }

    // MARK: Artifacts

    /// The locations of artifacts whose owners are gone.
    func artifactLocations() async throws -> [String] {
        try await database.read { try Self.pendingRemovals("artifacts", $0) }
    }

    /// Whether a run, a model or a trace has its artifacts there: an import may have brought one back, and a client may have sent a
    /// trace again.
    func isInUse(_ location: String) async throws -> Bool {
        let artifacts = location + Self.artifactsFolder
        let name = location.split(separator: "/").last.map(String.init) ?? ""
        return try await database.read { connection in
            try connection.exists(
                """
                SELECT 1 FROM runs WHERE artifact_uri IN (\(location), \(artifacts))
                UNION ALL SELECT 1 FROM logged_models WHERE artifact_uri IN (\(location), \(artifacts))
                UNION ALL SELECT 1 FROM traces WHERE trace_id = \(name)
                """)
        }
    }

    func finishArtifactRemoval(at location: String) async throws {
        try await database.write { try Self.finishRemoval("artifacts", location, $0) }
    }

    // MARK: Parts of statements

    /// Tells runs or models that were deleted before a time, or whose experiment is gone.
    private static func isCollectable(_ cutoff: Int64) -> SQL {
        """
        (lifecycle_stage = 'deleted' AND deleted_time <= \(cutoff)) OR (
            experiment_id IN (SELECT CAST(target AS BIGINT) FROM removals WHERE kind = 'experiment')
            AND experiment_id NOT IN (SELECT id FROM experiments))
        """
    }

    /// The folder that only the owner of artifacts has: `…/ID` when the artifacts are in `…/ID/artifacts`.
    static func folder(of id: String, artifacts uri: String) -> String {
        uri.hasSuffix("/\(id)\(artifactsFolder)") ? String(uri.dropLast(artifactsFolder.count)) : uri
    }

    static func enqueueRemovals(_ kind: String, _ targets: [String], _ connection: any Connection) throws {
        for slice in targets.filter({ !$0.isEmpty }).powerOfTwoChunks() {
            let rows = slice.map { [kind.sqlValue, $0.sqlValue] }
            try connection.execute("INSERT INTO removals (kind, target) VALUES \(.rows(rows))")
        }
    }

    private static func pendingRemovals(_ kind: String, _ connection: any Connection) throws -> [String] {
        try connection.rows("SELECT DISTINCT target FROM removals WHERE kind = \(kind) ORDER BY target") { $0.text(0) }
    }

    private static func finishRemoval(_ kind: String, _ target: String, _ connection: any Connection) throws {
        try connection.execute("DELETE FROM removals WHERE kind = \(kind) AND target = \(target)")
    }
}

internal import Database
internal import WireProtocol

/// The SQL of removing what was deleted.
///
/// The table `removals` holds what is left to do: experiments (`experiment`, by id) of which runs or models are still there, and
/// artifacts (`artifacts`, by location).
struct GarbageStore: Sendable {
    let database: any Database

    // MARK: Experiments

    /// Removes experiments that were deleted before a time; what is in them comes next. The default experiment stays.
    ///
    /// - Returns: how many they were.
    func closeExperiments(deletedBefore cutoff: Int64) async throws -> Int {
        try await database.write { connection in
            let ids = try connection.rows(
                """
                DELETE FROM experiments WHERE lifecycle_stage = 'deleted' AND last_update_time <= \(cutoff)
                    AND id <> \(ExperimentRules.defaultID)
                RETURNING id
                """
            ) { $0.int(0) }
            for slice in ids.inPowersOfTwo(limit: 128) {
                try connection.execute("DELETE FROM experiment_tags WHERE experiment_id IN (\(.list(slice)))")
            }
            try Self.note("experiment", ids.map { String($0) }, connection)
            return ids.count
        }
    }

    /// Removes what is left of closed experiments when all of their runs and models are gone.
    func removeClosedExperiments() async throws {
        let ids = try await database.read { try Self.noted("experiment", $0) }.compactMap { Int64($0) }
        for id in ids {
            try await database.write { connection in
                try connection.execute("DELETE FROM datasets WHERE experiment_id = \(id)")
                // SQLite gives the number after the largest one: while that stays, no number is given again, and the names that
                // services remember stay true.
                try connection.execute("DELETE FROM keys WHERE experiment_id = \(id) AND id < (SELECT MAX(id) FROM keys)")
                try connection.execute("DELETE FROM removals WHERE kind = 'experiment' AND target = \(String(id))")
            }
        }
    }

    // MARK: Runs

    /// The numbers of the runs to remove.
    func runs(deletedBefore cutoff: Int64) async throws -> [Int64] {
        try await database.read { connection in
            try connection.rows("SELECT id FROM runs WHERE \(Self.isGarbage(cutoff)) ORDER BY id") { $0.int(0) }
        }
    }

    /// Removes those of the runs that are still to be removed, with all that was logged to them.
    func removeRuns(_ ids: [Int64], deletedBefore cutoff: Int64) async throws -> (runs: Int, metricPoints: Int) {
        try await database.write { connection in
            let runs = try connection.rows(
                """
                SELECT id, run_uuid, artifact_uri FROM runs WHERE id IN (\(.list(ids))) AND (\(Self.isGarbage(cutoff)))
                ORDER BY id\(connection.dialect.forUpdate)
                """
            ) { (id: $0.int(0), location: Self.folder(of: $0.text(1), artifacts: $0.text(2))) }
            guard !runs.isEmpty else { return (0, 0) }
            let list = SQL.list(runs.map(\.id))
            let points = try connection.execute("DELETE FROM metrics WHERE run_id IN (\(list))")
            let tables: [SQL] = [
                "latest_metrics", "metric_marks", "params", "tags", "run_inputs", "run_input_tags", "run_model_inputs",
                "run_model_outputs", "logged_model_metrics",
            ]
            for table in tables { try connection.execute("DELETE FROM \(table) WHERE run_id IN (\(list))") }
            try Self.note("artifacts", runs.map(\.location), connection)
            try connection.execute("DELETE FROM runs WHERE id IN (\(list))")
            return (runs.count, points)
        }
    }

    // MARK: Logged models

    /// The numbers of the models to remove.
    func models(deletedBefore cutoff: Int64) async throws -> [Int64] {
        try await database.read { connection in
            try connection.rows("SELECT id FROM logged_models WHERE \(Self.isGarbage(cutoff)) ORDER BY id") { $0.int(0) }
        }
    }

    /// Removes those of the models that are still to be removed, with all that was logged to them.
    ///
    /// - Returns: how many they were.
    func removeModels(_ ids: [Int64], deletedBefore cutoff: Int64) async throws -> Int {
        try await database.write { connection in
            let models = try connection.rows(
                """
                SELECT id, model_id, artifact_uri FROM logged_models WHERE id IN (\(.list(ids))) AND (\(Self.isGarbage(cutoff)))
                ORDER BY id\(connection.dialect.forUpdate)
                """
            ) { (id: $0.int(0), location: Self.folder(of: $0.text(1), artifacts: $0.text(2))) }
            guard !models.isEmpty else { return 0 }
            let list = SQL.list(models.map(\.id))
            let tables: [SQL] = ["logged_model_params", "logged_model_tags", "logged_model_metrics"]
            for table in tables { try connection.execute("DELETE FROM \(table) WHERE model_id IN (\(list))") }
            try Self.note("artifacts", models.map(\.location), connection)
            try connection.execute("DELETE FROM logged_models WHERE id IN (\(list))")
            return models.count
        }
    }

    // MARK: Artifacts

    /// The locations of artifacts whose owners are gone.
    func artifactLocations() async throws -> [String] {
        try await database.read { try Self.noted("artifacts", $0) }
    }

    func forgetArtifacts(at location: String) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM removals WHERE kind = 'artifacts' AND target = \(location)")
        }
    }

    // MARK: Parts of statements

    /// Tells runs or models that were deleted before a time, or whose experiment is gone.
    private static func isGarbage(_ cutoff: Int64) -> SQL {
        """
        (lifecycle_stage = 'deleted' AND deleted_time <= \(cutoff))
            OR experiment_id IN (SELECT CAST(target AS BIGINT) FROM removals WHERE kind = 'experiment')
        """
    }

    /// The folder that only the owner of artifacts has: `…/ID` when the artifacts are in `…/ID/artifacts`.
    private static func folder(of id: String, artifacts uri: String) -> String {
        let ending = "/artifacts"
        return uri.hasSuffix("/\(id)\(ending)") ? String(uri.dropLast(ending.count)) : uri
    }

    private static func note(_ kind: String, _ targets: [String], _ connection: any Connection) throws {
        for slice in targets.filter({ !$0.isEmpty }).inPowersOfTwo() {
            try connection.execute(
                """
                INSERT INTO removals (kind, target) VALUES \(.rows(slice.map { [kind.sqlValue, $0.sqlValue] }))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    private static func noted(_ kind: String, _ connection: any Connection) throws -> [String] {
        try connection.rows("SELECT target FROM removals WHERE kind = \(kind) ORDER BY target") { $0.text(0) }
    }
}

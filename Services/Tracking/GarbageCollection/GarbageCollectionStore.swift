internal import Database
internal import Primitives
internal import WireProtocol

/// SQL for permanently removing deleted entities.
///
/// The table `removals` is the queue of pending work: experiments (`experiment`, by ID) whose runs, models or traces remain,
/// metric points (`points`, by the run's row ID), and artifacts (`artifacts`, by location).
struct GarbageCollectionStore: Sendable {
    let database: any Database

    private static let artifactsDirectory = "/artifacts"

    // MARK: Experiments

    /// Removes experiments deleted before a time, but not their contents, which later steps remove. Never removes the default
    /// experiment.
    ///
    /// - Returns: the number of experiments removed.
    func removeExperiments(deletedBefore cutoff: UnixMilliseconds) async throws -> Int {
        try await database.write { connection in
            let ids = try connection.rows(
                """
                DELETE FROM experiments WHERE lifecycle_stage = 'deleted' AND last_update_time <= \(cutoff)
                    AND id <> \(ExperimentID.default)
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

    /// Removes the datasets and keys of removed experiments, once all of their runs and models have been removed.
    func removeExperimentRemnants() async throws {
        let ids = try await database.read { try Self.pendingRemovals("experiment", $0) }.compactMap { Int64($0) }
        for id in ids {
            try await database.write { connection in
                try Self.finishRemoval("experiment", String(id), connection)
                // An import may have recreated the experiment.
                guard try !connection.exists("SELECT 1 FROM experiments WHERE id = \(id)") else { return }
                try connection.execute("DELETE FROM datasets WHERE experiment_id = \(id)")
                // SQLite assigns the ID after the largest one. Keeping the largest prevents reuse of IDs, which services cache.
                try connection.execute("DELETE FROM keys WHERE experiment_id = \(id) AND id < (SELECT MAX(id) FROM keys)")
            }
        }
    }

    // MARK: Runs

    /// Returns the row IDs of the runs to remove.
    func runs(deletedBefore cutoff: UnixMilliseconds) async throws -> [Int64] {
        try await database.read { connection in
            try connection.rows("SELECT id FROM runs WHERE \(Self.isCollectable(cutoff)) ORDER BY id") { $0.int(0) }
        }
    }

    /// Removes those runs that are still collectable, with all logged data except metric points, which may be millions and are
    /// removed in a later step.
    ///
    /// - Returns: the number of runs removed.
    func removeRuns(_ ids: [Int64], deletedBefore cutoff: UnixMilliseconds) async throws -> Int {
        try await database.write { connection in
            let runs = try connection.rows(
                """
                SELECT id, run_uuid, artifact_uri FROM runs WHERE id IN (\(.list(ids))) AND (\(Self.isCollectable(cutoff)))
                ORDER BY id\(connection.dialect.forUpdate)
                """
            ) { (id: $0.int(0), uuid: $0.text(1), location: Self.directory(of: $0.text(1), artifacts: $0.text(2))) }
            guard !runs.isEmpty else { return 0 }
            // The later step removes points only from `metrics`.
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

    /// Returns the row IDs of removed runs whose metric points may remain.
    func runsWithPoints() async throws -> [Int64] {
        try await database.read { try Self.pendingRemovals("points", $0) }.compactMap { Int64($0) }
    }

    /// Removes about `limit` points of a removed run.
    ///
    /// - Returns: the number of points removed; 0 if none were left.
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

    /// Returns the row IDs of the models to remove.
    func models(deletedBefore cutoff: UnixMilliseconds) async throws -> [Int64] {
        try await database.read { connection in
            try connection.rows("SELECT id FROM logged_models WHERE \(Self.isCollectable(cutoff)) ORDER BY id") { $0.int(0) }
        }
    }

    /// Removes those models that are still collectable, with all logged data.
    ///
    /// - Returns: the number of models removed.
    func removeModels(_ ids: [Int64], deletedBefore cutoff: UnixMilliseconds) async throws -> Int {
        try await database.write { connection in
            let models = try connection.rows(
                """
                SELECT id, model_id, artifact_uri FROM logged_models WHERE id IN (\(.list(ids))) AND (\(Self.isCollectable(cutoff)))
                ORDER BY id\(connection.dialect.forUpdate)
                """
            ) { (id: $0.int(0), location: Self.directory(of: $0.text(1), artifacts: $0.text(2))) }
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

    /// Removes at most `limit` traces of removed experiments, with their spans and other data.
    ///
    /// - Returns: the number of traces removed; 0 if none were left.
    func removeTraces(atMost limit: Int) async throws -> Int {
        let ids = try await database.read { try Self.pendingRemovals("experiment", $0) }.compactMap { Int64($0) }
        for id in ids {
            let removed = try await database.write { connection in
                // An import may have recreated the experiment.
                guard try !connection.exists("SELECT 1 FROM experiments WHERE id = \(id)") else { return 0 }
                return try TraceDeletion.remove("t.experiment_id = \(id)", limit: limit, connection)
            }
            if removed > 0 { return removed }
        }
        return 0
    }

    // MARK: Artifacts

    /// Returns the locations of artifacts whose owners have been removed.
    func artifactLocations() async throws -> [String] {
        try await database.read { try Self.pendingRemovals("artifacts", $0) }
    }

    /// Whether a run, model or trace stores its artifacts at the location. An import may have recreated a run or model, and a
    /// client may have sent a trace again.
    func isInUse(_ location: String) async throws -> Bool {
        let artifacts = location + Self.artifactsDirectory
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

    /// The condition for runs or models that were deleted before a time, or whose experiment has been removed.
    private static func isCollectable(_ cutoff: UnixMilliseconds) -> SQL {
        """
        (lifecycle_stage = 'deleted' AND deleted_time <= \(cutoff)) OR (
            experiment_id IN (SELECT CAST(target AS BIGINT) FROM removals WHERE kind = 'experiment')
            AND experiment_id NOT IN (SELECT id FROM experiments))
        """
    }

    /// The directory that belongs to the owner of the artifacts alone: `…/ID` if the artifacts are in `…/ID/artifacts`.
    static func directory(of id: String, artifacts uri: String) -> String {
        uri.hasSuffix("/\(id)\(artifactsDirectory)") ? String(uri.dropLast(artifactsDirectory.count)) : uri
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

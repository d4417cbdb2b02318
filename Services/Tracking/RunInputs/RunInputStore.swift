internal import Database
internal import WireProtocol

/// SQL for inputs and outputs of runs.
struct RunInputStore: Sendable {
    /// The maximum number of summaries in a response; MLflow's API has no pagination here.
    private static let summaryLimit = 1000

    let database: any Database
    let runIDCache: RunIDCache
    let keys: KeyInterner

    /// - Parameter datasets: unique datasets.
    /// - Throws: `ServiceError` if the run is missing or deleted.
    func add(datasets: [DatasetInput], models: [String], to runID: String) async throws {
        try await database.write { connection in
            let run = try RunStore.activeRun(runID, connection)
            let ids = try DatasetRows.ids(of: datasets.map(\.dataset), experiment: run.info.experimentID, connection)
            let inputs = datasets.compactMap { input in ids[DatasetKey(input.dataset)].map { (id: $0, tags: input.tags) } }
            let added = try Self.insert(inputs.map(\.id), run: run.id, connection)
            let tags = inputs.filter { added.contains($0.id) }.flatMap { input in
                input.tags.map { tag in [run.id.sqlValue, input.id.sqlValue, tag.key.sqlValue, tag.value.sqlValue] }
            }
            for slice in tags.powerOfTwoChunks() {
                try connection.execute("INSERT INTO run_input_tags (run_id, dataset_id, key, value) VALUES \(.rows(slice))")
            }
            for slice in models.powerOfTwoChunks() {
                try connection.execute(
                    """
                    INSERT INTO run_model_inputs (run_id, model_id)
                    VALUES \(.rows(slice.map { [run.id.sqlValue, $0.sqlValue] })) ON CONFLICT DO NOTHING
                    """)
            }
        }
    }

    /// - Throws: `ServiceError` if the run is missing or deleted, or already has one of the outputs.
    func add(outputs: [ModelOutput], to runID: String) async throws {
        try await database.write { connection in
            let run = try RunStore.activeRun(runID, connection)
            for slice in outputs.powerOfTwoChunks() {
                let added = try connection.execute(
                    """
                    INSERT INTO run_model_outputs (run_id, model_id, step)
                    VALUES \(.rows(slice.map { [run.id.sqlValue, $0.modelID.sqlValue, $0.step.sqlValue] })) ON CONFLICT DO NOTHING
                    """)
                guard added == slice.count else {
                    throw ServiceError(
                        .badRequest, "'models' contains a duplicate model, or one that is already an output of run \(runID).")
                }
            }
        }
    }

    /// - Throws: `ServiceError` if the run is missing or deleted.
    func add(_ entry: ModelHistoryEntry, to runID: String) async throws {
        let experiment = try await runIDCache.entry(for: runID).experiment
        let key = try await keys.ids(for: [ModelHistoryEntry.tag], in: experiment)[ModelHistoryEntry.tag] ?? 0
        try await database.write { connection in
            let run = try RunStore.activeRun(runID, connection)
            let history = try connection.first("SELECT value FROM tags WHERE run_id = \(run.id) AND key_id = \(key)") { $0.text(0) }
            try TagRows.upsert([TagRow(key: RunKey(run: run.id, key: key), value: try entry.appended(to: history))], connection)
        }
    }

    func summaries(of experiments: [Int64]) async throws -> [DatasetSummary] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT DISTINCT d.experiment_id, d.name, d.digest, t.value
                FROM datasets d JOIN run_inputs i ON i.dataset_id = d.id
                LEFT JOIN run_input_tags t
                    ON t.run_id = i.run_id AND t.dataset_id = i.dataset_id AND t.key = 'mlflow.data.context'
                WHERE d.experiment_id IN (\(.list(experiments))) ORDER BY 1, 2, 3, 4 LIMIT \(Self.summaryLimit)
                """
            ) { row in
                let context = row.text(3)
                return DatasetSummary(
                    experimentID: row.int(0), name: row.text(1), digest: row.text(2), context: context.isEmpty ? nil : context)
            }
        }
    }

    /// Adds datasets as inputs of a run, and returns those that weren't inputs before.
    private static func insert(_ datasets: [Int64], run: Int64, _ connection: any Connection) throws -> Set<Int64> {
        var added: Set<Int64> = []
        for slice in datasets.powerOfTwoChunks() {
            try connection.query(
                """
                INSERT INTO run_inputs (run_id, dataset_id) VALUES \(.rows(slice.map { [run.sqlValue, $0.sqlValue] }))
                ON CONFLICT DO NOTHING RETURNING dataset_id
                """
            ) { added.insert($0.int(0)) }
        }
        return added
    }
}

internal import Database
internal import Primitives
internal import WireProtocol

/// Writes the data logged to runs. Concurrent requests share a transaction and its statements; each request is written
/// atomically.
struct RunDataStore: Sendable {
    private let database: any Database
    private let runIDCache: RunIDCache
    private let keys: KeyInterner
    private let batcher: WriteBatcher<InternedLogBatch, Void>

    init(database: any Database, runIDCache: RunIDCache, keys: KeyInterner) {
        self.database = database
        self.runIDCache = runIDCache
        self.keys = keys
        // SQLite runs in-process, where skipping a query saves little.
        let seriesCache = database.dialect == .postgresql ? SeriesCache() : nil
        batcher = WriteBatcher(database: database) { try Self.write($0, $1, seriesCache) }
    }

    /// Writes a batch and returns once it is on disk.
    ///
    /// - Throws: `ServiceError` if the run is missing or deleted, or a param already has a different value.
    func log(_ batch: LogBatch) async throws {
        let entry = try await runIDCache.entry(for: batch.runID)
        let keyIDs = try await keys.ids(for: batch.keys, in: entry.experiment)
        try await batcher.write(InternedLogBatch(batch: batch, run: entry.run, keyIDs: keyIDs))
    }

    /// - Returns: whether the tag existed.
    func deleteTag(_ key: String, of runID: String) async throws -> Bool {
        try await database.write { connection in
            let run = try RunStore.activeRun(runID, connection)
            // Bypasses the interner's cache: this transaction may see an ID that is never committed.
            let found = try KeyInterner.find([KeyName(key)], in: run.info.experimentID, connection)
            guard let key = found.values.first else { return false }
            return try connection.execute("DELETE FROM tags WHERE run_id = \(run.id) AND key_id = \(key)") > 0
        }
    }

    // MARK: The transaction

    /// A batch with the IDs of its run and keys.
    private struct InternedLogBatch: Sendable {
        var batch: LogBatch
        /// The run's row ID.
        var run: Int64
        var keyIDs: KeyIDs

        func keyID(for name: String) -> Int64 { keyIDs[name] ?? 0 }
    }

    private static func write(
        _ connection: any Connection, _ items: [InternedLogBatch], _ seriesCache: SeriesCache?
    ) throws -> [Result<Void, any Error>] {
        let hasOnlyMetrics = items.allSatisfy(\.batch.hasOnlyMetrics)
        if hasOnlyMetrics, let seriesCache, try appendOptimistically(items, to: seriesCache, connection) {
            return items.map { _ in .success(()) }
        }
        // One round trip. The locks come first, so that the reads after them see what the last transaction wrote.
        let locks = try RunStore.lock(Set(items.map(\.run)), connection)
        let known = try ExistingData.Pending(for: items, connection)
        let stages = try locks.read(connection)
        var changes = Changes(known: try known.read(connection))
        seriesCache?.recordMisses(against: changes.known.series)
        let results = items.map { item in
            Result {
                guard let stage = stages[item.run] else { throw ServiceError.runNotFound(item.batch.runID) }
                try stage.requireActive(run: item.batch.runID)
                try changes.add(item)
            }
        }
        let changed = try changes.apply(connection)
        // Batches with params or tags are usually the only ones for their metrics, so they don't create cache entries.
        seriesCache?.update(changed, onlyIfCached: !hasOnlyMetrics)
        return results
    }

    /// Writes requests that contain only points, if all points follow their cached series.
    private static func appendOptimistically(
        _ items: [InternedLogBatch], to seriesCache: SeriesCache, _ connection: any Connection
    ) throws -> Bool {
        var changes = Changes(known: ExistingData())
        for item in items { try changes.add(item) }
        guard let known = seriesCache.series(for: changes.pointKeys) else { return false }
        return try OptimisticAppend.add(changes.newPoints, to: known, seriesCache, connection)
    }

    /// The existing data that a batch is checked against.
    private struct ExistingData {
        var params: [RunKey: String] = [:]
        var series: [RunKey: MetricSeries] = [:]
        /// Row IDs of logged models.
        var models: [String: Int64] = [:]

        /// The pending queries for existing data.
        struct Pending {
            private var params: PipelinedRows<RunKey, String>
            private var series: PipelinedRows<RunKey, MetricSeries>
            private var models: PipelinedRows<String, Int64>

            init(for items: [InternedLogBatch], _ connection: any Connection) throws {
                var params: Set<RunKey> = []
                var metrics: Set<RunKey> = []
                var models: Set<String> = []
                for item in items {
                    for param in item.batch.params { params.insert(RunKey(run: item.run, key: item.keyID(for: param.key))) }
                    for metric in item.batch.metrics {
                        metrics.insert(RunKey(run: item.run, key: item.keyID(for: metric.key)))
                        if let model = metric.modelID { models.insert(model) }
                    }
                }
                self.params = try ParamRows.values(params.sorted(), connection)
                series = try MetricRows.series(metrics.sorted(), isLocked: true, connection)
                self.models = try LoggedModelMetricRows.ids(of: models, connection)
            }

            func read(_ connection: any Connection) throws -> ExistingData {
                ExistingData(
                    params: try params.read(connection), series: try series.read(connection), models: try models.read(connection))
            }
        }
    }

    /// All rows to write in a transaction, collected from its requests in order.
    private struct Changes {
        private(set) var known: ExistingData
        private var points: [RunKey: Set<MetricPoint>] = [:]
        private var newParams: [ParamRow] = []
        private var tags: [TagRow] = []
        private var names: [Int64: (name: String, key: Int64)] = [:]
        private var modelMetrics: [LoggedModelMetricRow] = []

        init(known: ExistingData) {
            self.known = known
        }

        mutating func add(_ item: InternedLogBatch) throws {
            let run = item.run
            for model in item.batch.metrics.compactMap(\.modelID) where known.models[model] == nil {
                throw ServiceError(.badRequest, "Logged model with ID '\(model)' not found.")
            }
            try add(item.batch.params, of: item, run: run)
            for metric in item.batch.metrics {
                let point = MetricPoint(step: metric.step, timestamp: metric.timestamp.rawValue, value: metric.value)
                points[RunKey(run: run, key: item.keyID(for: metric.key)), default: []].insert(point)
                if let model = metric.modelID.flatMap({ known.models[$0] }) {
                    modelMetrics.append(
                        LoggedModelMetricRow(
                            model: model, run: run, key: metric.key, point: point, datasetName: metric.datasetName,
                            datasetDigest: metric.datasetDigest))
                }
            }
            for tag in item.batch.tags {
                // The name is also stored in the run's row. As in MLflow, an empty name changes nothing.
                if tag.key == RunTag.name {
                    if !tag.value.isEmpty { names[run] = (tag.value, item.keyID(for: tag.key)) }
                } else {
                    tags.append(TagRow(key: RunKey(run: run, key: item.keyID(for: tag.key)), value: tag.value))
                }
            }
        }

        /// Adds params. They are immutable: logging the same value again succeeds, a different value fails the whole request.
        private mutating func add(_ params: [KeyValue], of item: InternedLogBatch, run: Int64) throws {
            let changed = params.compactMap { param -> (param: KeyValue, old: String)? in
                guard let old = known.params[RunKey(run: run, key: item.keyID(for: param.key))], old != param.value else {
                    return nil
                }
                return (param, old)
            }
            guard changed.isEmpty else { throw ParamConflict.error(changed, batch: item.batch) }
            for param in params {
                let key = RunKey(run: run, key: item.keyID(for: param.key))
                guard known.params[key] == nil else { continue }
                known.params[key] = param.value
                newParams.append(ParamRow(key: key, value: param.value))
            }
        }

        var pointKeys: some Sequence<RunKey> { points.keys }

        /// All points, sorted by key.
        var newPoints: [NewPoints] {
            points.map { NewPoints(key: $0, points: $1.sorted()) }.sorted { $0.key < $1.key }
        }

        /// - Returns: the series that have grown.
        func apply(_ connection: any Connection) throws -> [MetricRows.ChangedSeries] {
            try ParamRows.insert(newParams, connection)
            let changed = try StagedPoints.add(newPoints, to: known.series, connection)
            try TagRows.upsert(tags, connection)
            for (run, name) in names.sorted(by: { $0.key < $1.key }) {
                try RunStore.rename(run, to: name.name, nameKey: name.key, connection)
            }
            try LoggedModelMetricRows.insert(modelMetrics, connection)
            return changed
        }
    }
}

/// MLflow's error for a param that was already logged with a different value.
private enum ParamConflict {
    static func error(_ changed: [(param: KeyValue, old: String)], batch: LogBatch) -> ServiceError {
        if !batch.isLogBatchRequest, let (param, old) = changed.first {
            return .invalidParameter(
                "Changing param values is not allowed. Param with key='\(param.key)' was already logged with value='\(old)' for"
                    + " run ID='\(batch.runID)'. Attempted logging new value '\(param.value)'.")
        }
        let list = changed.map { "{'key': '\($0.param.key)', 'old_value': '\($0.old)', 'new_value': '\($0.param.value)'}" }
        return .invalidParameter(
            "Changing param values is not allowed. Params were already logged='[\(list.joined(separator: ", "))]' for run"
                + " ID='\(batch.runID)'.")
    }
}

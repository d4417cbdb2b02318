internal import Database
internal import WireProtocol

/// Writes what is logged to runs. Requests that arrive together share a transaction and its statements; each of them is
/// written whole or not at all.
struct RunDataStore: Sendable {
    private let database: any Database
    private let runIDCache: RunIDCache
    private let keys: KeyInterner
    private let batcher: WriteBatcher<InternedLogBatch, Void>

    init(database: any Database, runIDCache: RunIDCache, keys: KeyInterner) {
        self.database = database
        self.runIDCache = runIDCache
        self.keys = keys
        // SQLite answers within the process: there nothing is gained by not asking.
        let seriesCache = database.dialect == .postgresql ? SeriesCache() : nil
        batcher = WriteBatcher(database: database) { try Self.write($0, $1, seriesCache) }
    }

    /// - Throws: `ServiceError` when the run is missing or deleted, or a param has another value already.
    func log(_ batch: LogBatch) async throws {
        let entry = try await runIDCache.entry(for: batch.runID)
        let keyIDs = try await keys.ids(for: batch.keys, in: entry.experiment)
        try await batcher.write(InternedLogBatch(batch: batch, run: entry.run, keyIDs: keyIDs))
    }

    /// - Returns: whether there was such a tag.
    func deleteTag(_ key: String, of runID: String) async throws -> Bool {
        try await database.write { connection in
            let run = try RunStore.activeRun(runID, connection)
            // Not by the interner's cache: this may see a number that isn't on disk in the end.
            let found = try KeyInterner.find([KeyName(key)], in: run.info.experimentID, connection)
            guard let key = found.values.first else { return false }
            return try connection.execute("DELETE FROM tags WHERE run_id = \(run.id) AND key_id = \(key)") > 0
        }
    }

    // MARK: The transaction

    /// Entries whose names are numbers.
    private struct InternedLogBatch: Sendable {
        var batch: LogBatch
        /// The run's number.
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
        // One round trip: the locks first, so that what is read after them is as the last transaction has left it.
        let locks = try RunStore.lock(Set(items.map(\.run)), connection)
        let known = try ExistingData.Pending(for: items, connection)
        let stages = try locks.read(connection)
        var changes = Changes(known: try known.read(connection))
        seriesCache?.recordMisses(against: changes.known.series)
        let results = items.map { item in
            Result {
                guard let stage = stages[item.run] else { throw RunService.notFound(item.batch.runID) }
                try RunService.requireActive(item.batch.runID, stage)
                try changes.add(item)
            }
        }
        let changed = try changes.apply(connection)
        // What comes with params is most often all that will be said of its metrics.
        seriesCache?.update(changed, onlyIfCached: !hasOnlyMetrics)
        return results
    }

    /// Writes the requests, which have nothing but points, if all of these follow the series in memory.
    private static func appendOptimistically(
        _ items: [InternedLogBatch], to seriesCache: SeriesCache, _ connection: any Connection
    ) throws -> Bool {
        var changes = Changes(known: ExistingData())
        for item in items { try changes.add(item) }
        guard let known = seriesCache.series(for: changes.pointKeys) else { return false }
        return try OptimisticAppend.add(changes.newPoints, to: known, seriesCache, connection)
    }

    /// What the rules need to know of what is there already.
    private struct ExistingData {
        var params: [RunKey: String] = [:]
        var series: [RunKey: MetricSeries] = [:]
        /// The numbers of logged models.
        var models: [String: Int64] = [:]

        /// That knowledge, asked for.
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

    /// All rows of a transaction, collected from its requests in their order.
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
                let point = MetricPoint(step: metric.step, timestamp: metric.timestamp, value: metric.value)
                points[RunKey(run: run, key: item.keyID(for: metric.key)), default: []].insert(point)
                if let model = metric.modelID.flatMap({ known.models[$0] }) {
                    modelMetrics.append(
                        LoggedModelMetricRow(
                            model: model, run: run, key: metric.key, point: point, datasetName: metric.datasetName,
                            datasetDigest: metric.datasetDigest))
                }
            }
            for tag in item.batch.tags {
                // A run's name is kept with the run too; an empty one changes nothing, as in MLflow.
                if tag.key == RunService.nameTag {
                    if !tag.value.isEmpty { names[run] = (tag.value, item.keyID(for: tag.key)) }
                } else {
                    tags.append(TagRow(key: RunKey(run: run, key: item.keyID(for: tag.key)), value: tag.value))
                }
            }
        }

        /// A param keeps its value: the same value again is fine, another one fails the whole request.
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

        /// All points, by their keys.
        var newPoints: [NewPoints] {
            points.map { NewPoints(key: $0, points: $1.sorted()) }.sorted { $0.key < $1.key }
        }

        /// - Returns: the series that are longer now.
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

/// MLflow's error for a param that was logged with another value before.
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

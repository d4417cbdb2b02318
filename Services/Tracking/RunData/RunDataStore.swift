internal import Database
internal import WireProtocol

/// Writes what is logged to runs. Requests that arrive together share a transaction and its statements; each of them is
/// written whole or not at all.
struct RunDataStore: Sendable {
    private let database: any Database
    private let directory: RunDirectory
    private let keys: KeyDictionary
    private let batcher: WriteBatcher<NumberedEntries, Void>

    init(database: any Database, directory: RunDirectory, keys: KeyDictionary) {
        self.database = database
        self.directory = directory
        self.keys = keys
        // SQLite answers within the process: there nothing is gained by not asking.
        let memory = database.dialect == .postgresql ? SeriesMemory() : nil
        batcher = WriteBatcher(database: database) { try Self.write($0, $1, memory) }
    }

    /// - Throws: `ServiceError` when the run is missing or deleted, or a param has another value already.
    func log(_ entries: RunEntries) async throws {
        let place = try await directory.place(of: entries.runID)
        let numbers = try await keys.ids(for: entries.keys, in: place.experiment)
        try await batcher.write(NumberedEntries(entries: entries, run: place.run, numbers: numbers))
    }

    /// - Returns: whether there was such a tag.
    func deleteTag(_ key: String, of runID: String) async throws -> Bool {
        try await database.write { connection in
            let run = try RunStore.activeRun(runID, connection)
            // Not by the dictionary's memory: this may see a number that isn't on disk in the end.
            let found = try KeyDictionary.find([KeyName(key)], in: run.info.experimentID, connection)
            guard let key = found.values.first else { return false }
            return try connection.execute("DELETE FROM tags WHERE run_id = \(run.id) AND key_id = \(key)") > 0
        }
    }

    // MARK: The transaction

    /// Entries whose names are numbers.
    private struct NumberedEntries: Sendable {
        var entries: RunEntries
        /// The run's number.
        var run: Int64
        var numbers: KeyNumbers

        func number(_ name: String) -> Int64 { numbers[name] ?? 0 }
    }

    private static func write(
        _ connection: any Connection, _ items: [NumberedEntries], _ memory: SeriesMemory?
    ) throws -> [Result<Void, any Error>] {
        let arePoints = items.allSatisfy(\.entries.hasOnlyPoints)
        if arePoints, let memory, try addFollowing(items, to: memory, connection) { return items.map { _ in .success(()) } }
        // One round trip: the locks first, so that what is read after them is as the last transaction has left it.
        let locks = try RunStore.lock(Set(items.map(\.run)), connection)
        let known = try Known.Sent(for: items, connection)
        let stages = try locks.read(connection)
        var changes = Changes(known: try known.read(connection))
        memory?.compare(changes.known.series)
        let results = items.map { item in
            Result {
                guard let stage = stages[item.run] else { throw RunRules.missing(item.entries.runID) }
                try RunRules.requireActive(item.entries.runID, stage)
                try changes.add(item)
            }
        }
        let changed = try changes.apply(connection)
        // What comes with params is most often all that will be said of its metrics.
        memory?.remember(changed, onlyIfKnown: !arePoints)
        return results
    }

    /// Writes the requests, which have nothing but points, if all of these follow the series in memory.
    private static func addFollowing(
        _ items: [NumberedEntries], to memory: SeriesMemory, _ connection: any Connection
    ) throws -> Bool {
        var changes = Changes(known: Known())
        for item in items { try changes.add(item) }
        guard let known = memory.recall(changes.pointKeys) else { return false }
        return try FollowingPoints.add(changes.newPoints, to: known, memory, connection)
    }

    /// What the rules need to know of what is there already.
    private struct Known {
        var params: [RunKey: String] = [:]
        var series: [RunKey: MetricSeries] = [:]
        /// The numbers of logged models.
        var models: [String: Int64] = [:]

        /// That knowledge, asked for.
        struct Sent {
            private var params: SentRows<RunKey, String>
            private var series: SentRows<RunKey, MetricSeries>
            private var models: SentRows<String, Int64>

            init(for items: [NumberedEntries], _ connection: any Connection) throws {
                var params: Set<RunKey> = []
                var metrics: Set<RunKey> = []
                var models: Set<String> = []
                for item in items {
                    for param in item.entries.params { params.insert(RunKey(run: item.run, key: item.number(param.key))) }
                    for metric in item.entries.metrics {
                        metrics.insert(RunKey(run: item.run, key: item.number(metric.key)))
                        if let model = metric.modelID { models.insert(model) }
                    }
                }
                self.params = try ParamRows.values(params.sorted(), connection)
                series = try MetricRows.series(metrics.sorted(), isLocked: true, connection)
                self.models = try ModelMetricRows.numbers(of: models, connection)
            }

            func read(_ connection: any Connection) throws -> Known {
                Known(
                    params: try params.read(connection), series: try series.read(connection), models: try models.read(connection))
            }
        }
    }

    /// All rows of a transaction, collected from its requests in their order.
    private struct Changes {
        private(set) var known: Known
        private var points: [RunKey: Set<MetricPoint>] = [:]
        private var newParams: [ParamRow] = []
        private var tags: [TagRow] = []
        private var names: [Int64: (name: String, key: Int64)] = [:]
        private var modelMetrics: [ModelMetricRow] = []

        init(known: Known) {
            self.known = known
        }

        mutating func add(_ item: NumberedEntries) throws {
            let run = item.run
            for model in item.entries.metrics.compactMap(\.modelID) where known.models[model] == nil {
                throw ServiceError(.badRequest, "Logged model with ID '\(model)' not found.")
            }
            try add(item.entries.params, of: item, run: run)
            for metric in item.entries.metrics {
                let point = MetricPoint(step: metric.step, timestamp: metric.timestamp, value: metric.value)
                points[RunKey(run: run, key: item.number(metric.key)), default: []].insert(point)
                if let model = metric.modelID.flatMap({ known.models[$0] }) {
                    modelMetrics.append(
                        ModelMetricRow(
                            model: model, run: run, key: metric.key, point: point, datasetName: metric.datasetName,
                            datasetDigest: metric.datasetDigest))
                }
            }
            for tag in item.entries.tags {
                // A run's name is kept with the run too; an empty one changes nothing, as in MLflow.
                if tag.key == RunRules.nameTag {
                    if !tag.value.isEmpty { names[run] = (tag.value, item.number(tag.key)) }
                } else {
                    tags.append(TagRow(key: RunKey(run: run, key: item.number(tag.key)), value: tag.value))
                }
            }
        }

        /// A param keeps its value: the same value again is fine, another one fails the whole request.
        private mutating func add(_ params: [KeyValue], of item: NumberedEntries, run: Int64) throws {
            let changed = params.compactMap { param -> (param: KeyValue, old: String)? in
                guard let old = known.params[RunKey(run: run, key: item.number(param.key))], old != param.value else { return nil }
                return (param, old)
            }
            guard changed.isEmpty else { throw ParamConflict.error(changed, entries: item.entries) }
            for param in params {
                let key = RunKey(run: run, key: item.number(param.key))
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
            let changed = try FreshPoints.add(newPoints, to: known.series, connection)
            try TagRows.upsert(tags, connection)
            for (run, name) in names.sorted(by: { $0.key < $1.key }) {
                try RunStore.rename(run, to: name.name, nameKey: name.key, connection)
            }
            try ModelMetricRows.insert(modelMetrics, connection)
            return changed
        }
    }
}

/// MLflow's error for a param that was logged with another value before.
private enum ParamConflict {
    static func error(_ changed: [(param: KeyValue, old: String)], entries: RunEntries) -> ServiceError {
        if !entries.isBatch, let (param, old) = changed.first {
            return .invalidParameter(
                "Changing param values is not allowed. Param with key='\(param.key)' was already logged with value='\(old)' for"
                    + " run ID='\(entries.runID)'. Attempted logging new value '\(param.value)'.")
        }
        let list = changed.map { "{'key': '\($0.param.key)', 'old_value': '\($0.old)', 'new_value': '\($0.param.value)'}" }
        return .invalidParameter(
            "Changing param values is not allowed. Params were already logged='[\(list.joined(separator: ", "))]' for run"
                + " ID='\(entries.runID)'.")
    }
}

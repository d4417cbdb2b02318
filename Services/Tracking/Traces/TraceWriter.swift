internal import Database
internal import Primitives
internal import WireProtocol

/// Writes the infos and spans of traces. They arrive in any order, from concurrent requests, and each request creates the trace if
/// it doesn't exist. Concurrent requests share a transaction and its statements; each request is written completely or not at all.
struct TraceWriter: Sendable {
    private let database: any Database
    private let batcher: WriteBatcher<Item, TraceInfoV3?>

    /// A larger request, in bytes, gets its own transaction, so that small requests don't wait in memory for it.
    private static let largeRequest = 1 << 20

    private enum Item: Sendable {
        case startTrace(StartTraceRequest)
        case spans(SpanUpload)

        var experiment: Int64 {
            switch self {
            case .startTrace(let startTrace): startTrace.info.experimentID
            case .spans(let upload): upload.experiment
            }
        }

        var traces: [(id: String, timestamp: UnixMilliseconds)] {
            switch self {
            case .startTrace(let startTrace): [(startTrace.info.traceID, startTrace.info.requestTime)]
            case .spans(let upload): upload.groups.map { ($0.traceID, $0.start) }
            }
        }
    }

    init(database: any Database) {
        self.database = database
        batcher = WriteBatcher(database: database, limit: 128, body: Self.write)
    }

    /// - Returns: the resulting trace.
    /// - Throws: `ServiceError` if the experiment is missing or deleted.
    func write(_ startTrace: StartTraceRequest) async throws -> TraceInfoV3 {
        guard let info = try await batcher.write(.startTrace(startTrace)) else {
            throw ServiceError.traceNotFound(startTrace.info.traceID)
        }
        return info
    }

    /// - Throws: `ServiceError` if the experiment is missing. As in MLflow, a deleted experiment still accepts spans.
    func write(_ upload: SpanUpload) async throws {
        guard upload.size > Self.largeRequest else {
            _ = try await batcher.write(.spans(upload))
            return
        }
        let result = try await database.write { connection in try Self.write(connection, [.spans(upload)]) }
        _ = try result.first?.get()
    }

    // MARK: The transaction

    private static func write(_ connection: any Connection, _ items: [Item]) throws -> [Result<TraceInfoV3?, any Error>] {
        let experiments = try ExperimentSummary.find(Set(items.map(\.experiment)), connection)
        var results: [Result<TraceInfoV3?, any Error>] = items.map { item in
            Result {
                guard let experiment = experiments[item.experiment] else { throw ServiceError.experimentNotFound(item.experiment) }
                if case .startTrace = item { try experiment.stage.requireActive(experiment: item.experiment) }
                return nil
            }
        }
        let accepted = items.indices.filter { if case .success = results[$0] { true } else { false } }
        var firsts: [String: (experiment: Int64, timestamp: UnixMilliseconds)] = [:]
        for item in accepted.map({ items[$0] }) {
            for trace in item.traces where firsts[trace.id] == nil { firsts[trace.id] = (item.experiment, trace.timestamp) }
        }
        guard !firsts.isEmpty else { return results }
        let ids = firsts.keys.sorted()
        try TraceRows.add(ids.compactMap { id in firsts[id].map { (id, $0.experiment, $0.timestamp) } }, connection)
        var changes = Changes(traces: try lock(ids, connection))
        for index in accepted {
            let item = items[index]
            guard let experiment = experiments[item.experiment] else { continue }
            switch item {
            case .startTrace(let startTrace): changes.add(startTrace, experiment.location)
            case .spans(let upload): changes.add(upload, experiment.location)
            }
        }
        try changes.apply(connection)
        let startTraces = accepted.compactMap { index -> (index: Int, row: TraceRow)? in
            guard case .startTrace(let startTrace) = items[index] else { return nil }
            return changes.traces[startTrace.info.traceID].map { (index, $0) }
        }
        for (startTrace, info) in zip(startTraces, try TraceReader.infos(startTraces.map(\.row), connection)) {
            results[startTrace.index] = .success(info)
        }
        return results
    }

    private static func lock(_ ids: [String], _ connection: any Connection) throws -> [String: TraceRow] {
        var rows: [String: TraceRow] = [:]
        for slice in ids.powerOfTwoChunks(limit: 512) {
            try connection.query(
                """
                SELECT \(TraceRow.columns) FROM traces t WHERE t.trace_id IN (\(.list(slice)))
                ORDER BY t.trace_id\(connection.dialect.forUpdate)
                """
            ) { row in
                let trace = TraceRow(row)
                rows[trace.info.traceID] = trace
            }
        }
        return rows
    }

    /// All changes of a transaction, collected from its requests in order.
    private struct Changes {
        typealias Key = TraceRows.Key

        private(set) var traces: [String: TraceRow]
        /// The previous index keys of the traces, by row ID.
        private let oldIndexKeys: [Int64: TraceIndexKey]
        private var tags: [Key: String] = [:]
        private var defaultTags: [Key: String] = [:]
        private var metadata: [Key: String] = [:]
        private var defaultMetadata: [Key: String] = [:]
        private var spans: [Key: SpanRow] = [:]
        private var assessments: [(trace: Int64, assessment: Assessment)] = []
        private var links: [(trace: String, run: String)] = []
        /// The traces whose usage sums may have changed.
        private var changedUsage: Set<Int64> = []

        init(traces: [String: TraceRow]) {
            self.traces = traces
            oldIndexKeys = Self.indexKeys(traces)
        }

        private static func indexKeys(_ traces: [String: TraceRow]) -> [Int64: TraceIndexKey] {
            Dictionary(uniqueKeysWithValues: traces.values.map { ($0.id, $0.indexKey) })
        }

        mutating func add(_ startTrace: StartTraceRequest, _ artifactRoot: String) {
            let info = startTrace.info
            guard var row = traces[info.traceID] else { return }
            row.info.experimentID = info.experimentID
            row.info.requestTime = info.requestTime
            row.info.executionDuration = info.executionDuration
            row.info.state = info.state
            row.info.clientRequestID = info.clientRequestID
            row.info.requestPreview = info.requestPreview ?? row.info.requestPreview
            row.info.responsePreview = info.responsePreview ?? row.info.responsePreview
            row.isFinal = row.isFinal || startTrace.isFinal
            for pair in info.metadata {
                metadata[Key(row.id, pair.key)] = pair.value
                if pair.key == TraceKey.tokens {
                    row.reportedUsage.insert(.tokens)
                    row.tokens = TokenCounts(metadata: pair.value)
                }
                if pair.key == TraceKey.cost { row.reportedUsage.insert(.cost) }
                if pair.key == TraceKey.session { row.session = TraceRow.metricText(pair.value) }
            }
            if startTrace.isFinal { metadata[Key(row.id, TraceKey.isFinal)] = "true" }
            for tag in info.tags {
                tags[Key(row.id, tag.key)] = tag.value
                if tag.key == TraceKey.name { row.name = TraceRow.metricText(tag.value) }
            }
            tags[Key(row.id, TraceKey.artifactLocation)] = TraceValidation.artifactLocation(of: info.traceID, in: artifactRoot)
            if startTrace.sendsSpans { tags[Key(row.id, TraceKey.spansLocation)] = TraceKey.inTrackingStore }
            assessments += info.assessments.map { (row.id, $0) }
            traces[info.traceID] = row
        }

        mutating func add(_ upload: SpanUpload, _ artifactRoot: String) {
            for group in upload.groups {
                guard var row = traces[group.traceID] else { continue }
                widen(&row, by: group)
                if row.info.state.isOpen, let state = group.rootState ?? (row.isFinal ? nil : .inProgress) {
                    row.info.state = state
                }
                row.info.requestPreview = row.info.requestPreview ?? group.requestPreview
                row.info.responsePreview = row.info.responsePreview ?? group.responsePreview
                if let name = group.tags.last(where: { $0.key == TraceKey.name }) { row.name = TraceRow.metricText(name.value) }
                if row.session == nil, let session = group.metadata.first(where: { $0.key == TraceKey.session }) {
                    row.session = TraceRow.metricText(session.value)
                }
                traces[group.traceID] = row
                for span in group.spans { spans[Key(row.id, span.id)] = span }
                for tag in group.tags { tags[Key(row.id, tag.key)] = tag.value }
                tags[Key(row.id, TraceKey.spansLocation)] = TraceKey.inTrackingStore
                defaultTags[Key(row.id, TraceKey.artifactLocation)] = TraceValidation.artifactLocation(
                    of: group.traceID, in: artifactRoot)
                for pair in group.metadata where defaultMetadata[Key(row.id, pair.key)] == nil {
                    defaultMetadata[Key(row.id, pair.key)] = pair.value
                }
                if group.hasTokens || group.hasCost { changedUsage.insert(row.id) }
                if let run = upload.run, group.rootState != nil { links.append((group.traceID, run)) }
            }
        }

        private func widen(_ row: inout TraceRow, by group: SpanGroup) {
            guard !row.isFinal else { return }
            let (start, duration) = (row.info.requestTime, row.info.executionDuration)
            let known = duration.map { start + $0 }
            let end = known.map { max($0, group.end ?? $0) } ?? group.end
            row.info.requestTime = min(start, group.start)
            if let end { row.info.executionDuration = Milliseconds(from: row.info.requestTime, to: end) }
        }

        mutating func apply(_ connection: any Connection) throws {
            try sumUsage(connection)
            try TraceRows.update(traces.values.sorted { $0.info.traceID < $1.info.traceID }, connection)
            try TraceRows.set(defaultTags, in: "trace_tags", isDefault: true, connection)
            try TraceRows.set(tags, in: "trace_tags", connection)
            try TraceRows.set(defaultMetadata, in: "trace_metadata", isDefault: true, connection)
            try TraceRows.set(metadata, in: "trace_metadata", connection)
            let indexKeys = Self.indexKeys(traces)
            for (trace, old) in oldIndexKeys.sorted(by: { $0.key < $1.key }) {
                guard let new = indexKeys[trace], new != old else { continue }
                try SpanMetricRows.move(trace, from: old, to: new, connection)
                try AssessmentRows.move(trace, to: new, connection)
            }
            try TraceRows.upsert(spans, at: indexKeys, connection)
            for (trace, assessment) in assessments { try AssessmentRows.upsert(assessment, of: trace, connection) }
            try TraceRows.link(links, connection)
        }

        /// Sums the tokens and costs of traces with new spans that report any, including the spans stored earlier.
        private mutating func sumUsage(_ connection: any Connection) throws {
            let changed = traces.values.filter { changedUsage.contains($0.id) && $0.reportedUsage != [.tokens, .cost] }
            guard !changed.isEmpty else { return }
            var nodes: [Key: (tokens: Usage.Node, cost: Usage.Node)] = [:]
            for slice in changed.map(\.id).sorted().powerOfTwoChunks(limit: 512) {
                try connection.query(
                    "SELECT trace_id, span_id, parent_id, tokens, cost FROM spans WHERE trace_id IN (\(.list(slice)))"
                ) { row in
                    let (id, parent) = (row.text(1), row.text(2))
                    nodes[Key(row.int(0), id)] = (
                        Usage.Node(id: id, parent: parent, usage: Usage(.tokens, text: row.text(3))),
                        Usage.Node(id: id, parent: parent, usage: Usage(.cost, text: row.text(4)))
                    )
                }
            }
            for (key, span) in spans where changedUsage.contains(key.trace) {
                nodes[key] = (
                    Usage.Node(id: span.id, parent: span.parent, usage: span.tokens),
                    Usage.Node(id: span.id, parent: span.parent, usage: span.cost)
                )
            }
            let byTrace = Dictionary(grouping: nodes, by: \.key.trace)
            for trace in changed {
                let nodes = (byTrace[trace.id] ?? []).map(\.value)
                if !trace.reportedUsage.contains(.tokens), let sum = Usage.sum(.tokens, nodes.map(\.tokens)) {
                    metadata[Key(trace.id, TraceKey.tokens)] = sum.text
                    traces[trace.info.traceID]?.tokens = TokenCounts(metadata: sum.text)
                }
                if !trace.reportedUsage.contains(.cost), let sum = Usage.sum(.cost, nodes.map(\.cost)) {
                    metadata[Key(trace.id, TraceKey.cost)] = sum.text
                }
            }
        }
    }
}

/// The properties of an experiment that are needed to write traces.
private struct ExperimentSummary {
    var location: String
    var stage: LifecycleStage

    static func find(_ ids: Set<Int64>, _ connection: any Connection) throws -> [Int64: ExperimentSummary] {
        var summaries: [Int64: ExperimentSummary] = [:]
        for slice in ids.sorted().powerOfTwoChunks(limit: 128) {
            try connection.query(
                "SELECT id, artifact_location, lifecycle_stage FROM experiments WHERE id IN (\(.list(slice)))"
            ) { row in
                summaries[row.int(0)] = ExperimentSummary(
                    location: row.text(1), stage: LifecycleStage(rawValue: row.text(2)) ?? .active)
            }
        }
        return summaries
    }
}

extension TraceValidation {
    /// The location of a trace's artifacts, derived from that of its experiment.
    static func artifactLocation(of traceID: String, in root: String) -> String {
        ArtifactURI.appending("traces/\(traceID)/artifacts", to: root)
    }
}

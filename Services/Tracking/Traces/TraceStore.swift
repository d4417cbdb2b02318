internal import Database
internal import HTTPServer
internal import Primitives
internal import ServiceDatabase
internal import WireProtocol

/// The SQL of single traces: reads, tags, links and deletion. `TraceWriter` writes trace infos and spans.
struct TraceStore: Sendable {
    let database: any Database

    // MARK: Reading

    func info(_ traceID: String) async throws -> TraceInfoV3 {
        let info = try await database.read(.point) { connection -> TraceInfoV3? in
            guard let row = try TraceRow.find(traceID, connection) else { return nil }
            return try TraceReader.infos([row], connection).first
        }
        guard let info else { throw ServiceError.traceNotFound(traceID) }
        return info
    }

    /// The existing traces among those with these IDs, in the same order.
    func infos(_ traceIDs: [String]) async throws -> [TraceInfoV3] {
        try await database.readResponse { connection in
            let rows = try Self.rows(traceIDs, connection)
            return try TraceReader.infos(rows, connection)
        }
    }

    /// The existing traces among those with these IDs, with their spans, in the same order.
    ///
    /// - Parameter experiments: if not empty, only traces of these experiments are returned.
    func traces(_ traceIDs: [String], in experiments: Set<Int64> = []) async throws -> [Trace] {
        let memory = RequestMemory.current
        return try await database.readResponse { connection in
            let rows = try Self.rows(traceIDs, connection).filter {
                experiments.isEmpty || experiments.contains($0.info.experimentID)
            }
            let infos = try TraceReader.infos(rows, connection)
            let spans = try TraceReader.spans(Array(Set(rows.map(\.id))), memory: memory, connection)
            return zip(rows, infos).map { Trace(info: $1, spans: spans[$0.id] ?? []) }
        }
    }

    /// The delays before rereading a trace whose spans have not all arrived. A client sends the info and the spans concurrently, so
    /// they may arrive a moment apart.
    private static let retryDelays: [Duration] = [.milliseconds(50), .milliseconds(200), .milliseconds(500)]

    /// - Parameter allowPartial: whether to return a trace with missing spans.
    func trace(_ traceID: String, allowPartial: Bool) async throws -> Trace {
        for delay in Self.retryDelays + [.zero] {
            guard let trace = try await traces([traceID]).first else {
                throw ServiceError.doesNotExist("Trace with ID \(traceID) is not found.")
            }
            guard trace.hasStoredSpans else {
                throw ServiceError.invalidParameter("Trace data not stored in tracking store")
            }
            if allowPartial || trace.isComplete { return trace }
            if delay > .zero { try await Task.sleep(for: delay) }
        }
        throw ServiceError.doesNotExist("Trace with ID \(traceID) is not fully exported yet, please try again later.")
    }

    private static func rows(_ traceIDs: [String], _ connection: any Connection) throws -> [TraceRow] {
        var seen: Set<String> = []
        let ids = traceIDs.filter { seen.insert($0).inserted }
        var found: [String: TraceRow] = [:]
        for row in try TraceRow.find(ids, connection) { found[row.info.traceID] = row }
        return ids.compactMap { found[$0] }
    }

    // MARK: Tags and links

    func setTag(_ tag: KeyValue, of traceID: String) async throws {
        try await database.write { connection in
            let trace = try TraceRow.lock(traceID, connection)
            try TraceRows.set([TraceRows.Key(trace, tag.key): tag.value], in: "trace_tags", connection)
            if tag.key == TraceKey.name { try TraceRows.setName(tag.value, of: trace, connection) }
        }
    }

    func deleteTag(_ key: String, of traceID: String) async throws {
        let isDeleted = try await database.write { connection in
            guard let trace = try TraceRow.find(traceID, connection)?.id else { return false }
            if key == TraceKey.name { try TraceRows.setName(nil, of: trace, connection) }
            return try connection.execute("DELETE FROM trace_tags WHERE key = \(key) AND trace_id = \(trace)") > 0
        }
        guard isDeleted else { throw ServiceError.traceTagNotFound(key, of: traceID) }
    }

    func link(_ traceIDs: [String], toRun run: String) async throws {
        try await database.write { connection in
            try TraceRows.link(Set(traceIDs).sorted().map { ($0, run) }, connection)
        }
    }

    func link(_ prompts: [String], to traceID: String) async throws {
        try await database.write { connection in
            let trace = try TraceRow.lock(traceID, connection)
            try TraceRows.link(trace, prompts: Set(prompts).sorted(), connection)
        }
    }

    // MARK: Removal

    /// The traces of an experiment to delete.
    enum Selection: Sendable {
        case traces([String])
        /// The oldest traces that began at or before a time.
        case until(UnixMilliseconds, limit: Int)
    }

    /// The number of traces deleted per transaction; other writes wait for it.
    private static let batchSize = 128

    /// Deletes traces with all dependent rows; the next garbage collection deletes their artifacts.
    ///
    /// - Returns: the number of deleted traces.
    func remove(_ selection: Selection, in experiment: Int64) async throws -> Int {
        var removed = 0
        switch selection {
        case .traces(let ids):
            for start in stride(from: 0, to: ids.count, by: Self.batchSize) {
                let batch = Array(ids[start..<min(start + Self.batchSize, ids.count)])
                removed += try await removeBatch(
                    "t.experiment_id = \(experiment) AND t.trace_id IN (\(.list(batch)))", Self.batchSize)
            }
        case .until(let time, let limit):
            while removed < limit {
                let batch = min(Self.batchSize, limit - removed)
                let count = try await removeBatch("t.experiment_id = \(experiment) AND t.timestamp <= \(time)", batch)
                removed += count
                if count < batch { break }
            }
        }
        return removed
    }

    private func removeBatch(_ condition: SQL, _ limit: Int) async throws -> Int {
        try await database.write { connection in try TraceDeletion.remove(condition, limit: limit, connection) }
    }
}

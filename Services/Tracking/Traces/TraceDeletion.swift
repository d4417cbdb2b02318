internal import Database

/// Deletes traces permanently.
enum TraceDeletion {
    /// Deletes the oldest traces `t` that meet a condition, with all dependent rows, and records the locations of their artifacts
    /// for the next garbage collection.
    ///
    /// - Returns: the number of deleted traces.
    static func remove(_ condition: SQL, limit: Int, _ connection: any Connection) throws -> Int {
        let traces = try connection.rows(
            """
            SELECT t.id, t.trace_id,
                (SELECT g.value FROM trace_tags g WHERE g.trace_id = t.id AND g.key = \(TraceKey.artifactLocation))
            FROM traces t WHERE \(condition) ORDER BY t.timestamp, t.trace_id LIMIT \(limit)\(connection.dialect.forUpdate)
            """
        ) { (id: $0.int(0), traceID: $0.text(1), location: $0.text(2)) }
        guard !traces.isEmpty else { return 0 }
        let directories = traces.map { GarbageCollectionStore.directory(of: $0.traceID, artifacts: $0.location) }
        try GarbageCollectionStore.enqueueRemovals("artifacts", directories, connection)
        try TraceRows.remove(traces.map { ($0.id, $0.traceID) }, connection)
        return traces.count
    }
}

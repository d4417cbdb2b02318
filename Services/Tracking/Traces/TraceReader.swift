internal import Database
internal import HTTPServer
internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// Reads traces in bulk, with their dependent rows.
enum TraceReader {
    private static let groupSize = 128

    /// Adds tags, metadata and assessments to traces; keeps their order.
    static func infos(_ rows: [TraceRow], _ connection: any Connection) throws -> [TraceInfoV3] {
        var infos = rows.map(\.info)
        for start in stride(from: 0, to: rows.count, by: groupSize) {
            var positions: [Int64: Int] = [:]
            for position in start..<min(start + groupSize, rows.count) { positions[rows[position].id] = position }
            let ids = SQL.list(positions.keys.sorted())
            let tags = try connection.send(
                "SELECT trace_id, key, value FROM trace_tags WHERE trace_id IN (\(ids)) ORDER BY trace_id, key")
            let metadata = try connection.send(
                "SELECT trace_id, key, value FROM trace_metadata WHERE trace_id IN (\(ids)) ORDER BY trace_id, key")
            let assessments = try connection.send(
                """
                SELECT \(AssessmentRows.columns) FROM assessments a WHERE a.trace_id IN (\(ids))
                ORDER BY a.trace_id, a.creation_time, a.assessment_id
                """)
            try connection.read(tags) { row in
                if let position = positions[row.int(0)] { infos[position].tags.append(pair(row)) }
            }
            try connection.read(metadata) { row in
                if let position = positions[row.int(0)] { infos[position].metadata.append(pair(row)) }
            }
            try connection.read(assessments) { row in
                guard let position = positions[row.int(0)] else { return }
                infos[position].assessments.append(AssessmentRows.assessment(row, traceID: infos[position].traceID))
            }
        }
        return infos
    }

    /// The spans of traces as JSON; in each list, roots come first, then spans by time.
    ///
    /// - Parameter memory: the budget for PostgreSQL's buffered result.
    /// - Throws: `ServiceError` if the budget is exhausted.
    static func spans(_ traces: [Int64], memory: RequestMemory?, _ connection: any Connection) throws -> [Int64: [[UInt8]]] {
        var spans: [Int64: [StoredSpanRow]] = [:]
        for slice in traces.powerOfTwoChunks(limit: 128) {
            var resultSize = 0
            if memory != nil, connection.dialect == .postgresql {
                // libpq buffers all rows before the first one can be read, with at most 200 bytes for what isn't content.
                let size = try connection.rows(
                    """
                    SELECT COALESCE(SUM(octet_length(content) + 200), 0)::bigint FROM spans WHERE trace_id IN (\(.list(slice)))
                    """
                ) { $0.int(0) }
                resultSize = Int(size.first ?? 0)
            }
            try memory?.reserve(resultSize)
            defer { memory?.release(resultSize) }
            // Sorted here: to sort rows, SQLite would copy each span several times before it returned the first one.
            try connection.query(
                "SELECT trace_id, span_id, parent_id, start_time, content FROM spans WHERE trace_id IN (\(.list(slice)))"
            ) { row in
                spans[row.int(0), default: []].append(
                    StoredSpanRow(
                        level: row.withUTF8(2) { $0.isEmpty } ? 0 : 1, startTime: row.quantity(3), spanID: row.text(1),
                        content: row.withUTF8(4) { Array($0) }))
            }
        }
        return spans.mapValues { rows in
            rows.sorted { ($0.level, $0.startTime, $0.spanID) < ($1.level, $1.startTime, $1.spanID) }.map(\.content)
        }
    }

    private struct StoredSpanRow {
        /// 0 for a root, 1 for any other span.
        let level: Int
        let startTime: UnixNanoseconds
        let spanID: String
        let content: [UInt8]
    }

    private static func pair(_ row: borrowing Row) -> KeyValue { KeyValue(key: row.text(1), value: row.text(2)) }
}

extension Trace {
    /// Whether all spans that the client reported are stored; without a reported count, whether any span is.
    var isComplete: Bool {
        let statistics = info.metadata.last { $0.key == TraceKey.sizeStatistics }?.value
        let expected = statistics.flatMap { try? JSONValue(parsing: $0) }?["num_spans"]?.integerValue ?? 1
        return !spans.isEmpty && spans.count >= expected
    }

    /// Whether the spans are stored in the database rather than in an artifact file.
    var hasStoredSpans: Bool { info.tags.contains { $0.key == TraceKey.spansLocation && $0.value == TraceKey.inTrackingStore } }
}

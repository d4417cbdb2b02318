internal import Database
internal import HTTPServer
internal import Primitives
internal import ServiceDatabase
internal import ServiceKit
internal import WireProtocol

/// Reads many runs at once with their logged data, inputs and outputs.
struct RunReader: Sendable {
    private let database: any Database
    private let keys: KeyInterner
    /// Batches reads of single runs on PostgreSQL.
    private let batcher: ReadBatcher<String, Run>

    init(database: any Database, keys: KeyInterner) {
        self.database = database
        self.keys = keys
        batcher = ReadBatcher(database: database) { try Self.readBatch($0, keys, $1) }
    }

    /// Runs per statement.
    private static let groupSize = 128

    func read(_ runID: String) async throws -> Run? {
        switch database.dialect {
        case .sqlite:
            try await database.read(.point) { [self] connection in
                guard let row = try RunStore.find(runID, connection) else { return nil }
                return try Self.read([row], withModelInputs: true, keys, connection).first
            }
        case .postgresql:
            // Network round trips for statements and transactions dominate the cost.
            try await batcher.read(runID)
        }
    }

    /// Returns the runs of a search with their data, in the same order. As in MLflow, search results omit input models.
    ///
    /// - Parameter memory: the budget to reserve the memory of the runs from.
    func read(_ rows: [RunRow], memory: RequestMemory?, _ connection: any Connection) throws -> [Run] {
        try Self.read(rows, withModelInputs: false, memory: memory, keys, connection)
    }

    private static func read(
        _ rows: [RunRow], withModelInputs: Bool, memory: RequestMemory? = nil, _ keys: KeyInterner, _ connection: any Connection
    ) throws -> [Run] {
        var runs = rows.map { Run(info: $0.info) }
        for start in stride(from: 0, to: rows.count, by: groupSize) {
            let group = start..<min(start + groupSize, rows.count)
            var positions: [Int64: Int] = [:]
            for position in group { positions[rows[position].id] = position }
            try fill(&runs, positions, withModelInputs: withModelInputs, keys, connection)
            try memory?.reserve(responseCopies * runs[group].reduce(0) { $0 + $1.size })
        }
        return runs
    }

    /// The table that a row of the combined result comes from.
    private enum Kind: Int64 {
        case metric = 0
        case param, tag, dataset, modelInput, modelOutput
    }

    /// A row of the combined result.
    private struct Entry {
        var kind: Kind
        var position: Int
        var key: Int64
        var text: String
        var metric: Metric

        /// Reads a row with these columns after the run's row ID: kind, key, text, value, is_nan, timestamp, step.
        init?(_ row: borrowing Row, position: Int) {
            guard let kind = Kind(rawValue: row.int(1)) else { return nil }
            self.kind = kind
            self.position = position
            key = row.int(2)
            text = row.text(3)
            metric =
                kind == .metric
                ? Metric(key: "", value: row.bool(5) ? .nan : row.double(4), timestamp: UnixMilliseconds(row.int(6)), step: row.int(7))
                : Metric(key: "", value: 0, timestamp: UnixMilliseconds(0), step: row.int(7))
        }
    }

    /// Reads runs in one round trip. Datasets, which few runs have, need another one, and so do key names that aren't cached.
    private static func readBatch(_ runIDs: [String], _ keys: KeyInterner, _ connection: any Connection) throws
        -> [String: Run]
    {
        let ids = SQL.list(runIDs)
        let infos = try PipelinedRows(
            ["SELECT \(RunRow.columns) FROM runs r WHERE r.run_uuid IN (\(ids))"], on: connection
        ) { row in (row.int(0), RunRow(row).info) }
        let data = try connection.send(
            """
            SELECT r.id, d.kind, d.key_id, d.text, d.value, d.is_nan, d.timestamp, d.step
            FROM runs r CROSS JOIN LATERAL (
                SELECT 0 AS kind, key_id, '' AS text, value, is_nan, timestamp, step FROM latest_metrics WHERE run_id = r.id
                UNION ALL SELECT 1, key_id, value, 0.0, 0, 0, 0 FROM params WHERE run_id = r.id
                UNION ALL SELECT 2, key_id, value, 0.0, 0, 0, 0 FROM tags WHERE run_id = r.id
                UNION ALL SELECT 3, dataset_id, '', 0.0, 0, 0, 0 FROM run_inputs WHERE run_id = r.id
                UNION ALL SELECT 4, 0, model_id, 0.0, 0, 0, 0 FROM run_model_inputs WHERE run_id = r.id
                UNION ALL SELECT 5, 0, model_id, 0.0, 0, 0, step FROM run_model_outputs WHERE run_id = r.id) d
            WHERE r.run_uuid IN (\(ids))
            """)
        var runs: [Run] = []
        var positions: [Int64: Int] = [:]
        for (id, info) in try infos.read(connection) {
            positions[id] = runs.count
            runs.append(Run(info: info))
        }
        var entries: [Entry] = []
        try connection.read(data) { row in
            if let position = positions[row.int(0)], let entry = Entry(row, position: position) { entries.append(entry) }
        }
        try complete(&runs, with: entries, positions, withModelInputs: true, keys, connection)
        return Dictionary(runs.map { ($0.info.runID, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func fill(
        _ runs: inout [Run], _ positions: [Int64: Int], withModelInputs: Bool, _ keys: KeyInterner,
        _ connection: any Connection
    ) throws {
        let ids = SQL.list(positions.keys.sorted())
        var entries: [Entry] = []
        try connection.query(
            """
            SELECT run_id, 0, key_id, '', value, is_nan, timestamp, step FROM latest_metrics WHERE run_id IN (\(ids))
            UNION ALL SELECT run_id, 1, key_id, value, 0.0, 0, 0, 0 FROM params WHERE run_id IN (\(ids))
            UNION ALL SELECT run_id, 2, key_id, value, 0.0, 0, 0, 0 FROM tags WHERE run_id IN (\(ids))
            UNION ALL SELECT run_id, 3, dataset_id, '', 0.0, 0, 0, 0 FROM run_inputs WHERE run_id IN (\(ids))
            UNION ALL SELECT run_id, 4, 0, model_id, 0.0, 0, 0, 0 FROM run_model_inputs WHERE run_id IN (\(ids))
            UNION ALL SELECT run_id, 5, 0, model_id, 0.0, 0, 0, step FROM run_model_outputs WHERE run_id IN (\(ids))
            """
        ) { row in
            if let position = positions[row.int(0)], let entry = Entry(row, position: position) { entries.append(entry) }
        }
        try complete(&runs, with: entries, positions, withModelInputs: withModelInputs, keys, connection)
    }

    private static func complete(
        _ runs: inout [Run], with entries: [Entry], _ positions: [Int64: Int], withModelInputs: Bool, _ keys: KeyInterner,
        _ connection: any Connection
    ) throws {
        let names = try keys.names(
            for: Set(entries.lazy.filter { [.metric, .param, .tag].contains($0.kind) }.map(\.key)), connection)
        var hasDatasets = false
        for entry in entries {
            let key = names[entry.key] ?? ""
            switch entry.kind {
            case .metric:
                var metric = entry.metric
                metric.key = key
                runs[entry.position].metrics.append(metric)
            case .param: runs[entry.position].params.append(KeyValue(key: key, value: entry.text))
            case .tag: runs[entry.position].tags.append(KeyValue(key: key, value: entry.text))
            case .dataset: hasDatasets = true
            case .modelInput:
                if withModelInputs { runs[entry.position].inputs.models.append(ModelInput(modelID: entry.text)) }
            case .modelOutput:
                runs[entry.position].outputs?.models.append(ModelOutput(modelID: entry.text, step: entry.metric.step))
            }
        }
        if hasDatasets { try fillDatasets(&runs, positions, connection) }
    }

    /// Reads datasets with a separate statement, since few runs have them and they have many columns.
    private static func fillDatasets(_ runs: inout [Run], _ positions: [Int64: Int], _ connection: any Connection) throws {
        let ids = SQL.list(positions.keys.sorted())
        var tags: [InputKey: [KeyValue]] = [:]
        try connection.query(
            "SELECT run_id, dataset_id, key, value FROM run_input_tags WHERE run_id IN (\(ids)) ORDER BY run_id, dataset_id, key"
        ) { row in
            tags[InputKey(run: row.int(0), dataset: row.int(1)), default: []].append(
                KeyValue(key: row.text(2), value: row.text(3)))
        }
        try connection.query(
            """
            SELECT i.run_id, d.id, d.name, d.digest, d.source_type, d.source, d.schema, d.profile
            FROM run_inputs i JOIN datasets d ON d.id = i.dataset_id WHERE i.run_id IN (\(ids)) ORDER BY i.run_id, d.id
            """
        ) { row in
            guard let position = positions[row.int(0)] else { return }
            let dataset = Dataset(
                name: row.text(2), digest: row.text(3), sourceType: row.text(4), source: row.text(5), schema: row.optionalText(6),
                profile: row.optionalText(7))
            runs[position].inputs.datasets.append(
                DatasetInput(tags: tags[InputKey(run: row.int(0), dataset: row.int(1))] ?? [], dataset: dataset))
        }
    }

    private struct InputKey: Hashable {
        var run: Int64
        var dataset: Int64
    }
}

internal import Database
internal import MLflowImport
internal import Primitives
internal import WireProtocol

/// A row of MLflow's `logged_models`, a table that MLflow 3.0 introduced.
struct ImportedLoggedModel: ImportedRecord {
    static let table: StaticString = "logged_models"
    static let key: [StaticString] = ["model_id"]
    static let columns: [StaticString] = [
        "experiment_id", "name", "artifact_location", "creation_timestamp_ms", "last_updated_timestamp_ms", "status",
        "lifecycle_stage", "model_type", "source_run_id", "status_message",
    ]

    var modelID: String
    var experiment: Int64
    var name: String
    var artifactURI: String
    var creationTime: UnixMilliseconds
    var lastUpdateTime: UnixMilliseconds
    var status: Int64
    var stage: String
    var modelType: String
    var sourceRunID: String
    var statusMessage: String?

    init(_ row: borrowing Row) {
        modelID = row.text(0)
        experiment = row.int(1)
        name = row.text(2)
        artifactURI = row.text(3)
        creationTime = row.quantity(4)
        lastUpdateTime = row.quantity(5)
        status = row.int(6)
        stage = row.optionalText(7) ?? LifecycleStage.active.rawValue
        modelType = row.text(8)
        sourceRunID = row.text(9)
        statusMessage = row.optionalText(10)
    }

    var keyValues: [SQLValue] { [modelID.sqlValue] }

    func relocated(by relocation: ArtifactRelocation) -> Self {
        var record = self
        record.artifactURI = relocation(artifactURI)
        return record
    }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        let experiments = try ExistingExperiments(of: records.map(\.experiment), connection)
        for slice in records.filter({ experiments.contains($0.experiment) }).powerOfTwoChunks() {
            let rows = slice.map { record in
                // MLflow doesn't store when a model was deleted. Deletion was its last update.
                let deletedTime = record.stage == LifecycleStage.deleted.rawValue ? record.lastUpdateTime : nil
                return [
                    record.modelID.sqlValue, record.experiment.sqlValue, record.name.sqlValue, record.artifactURI.sqlValue,
                    record.creationTime.sqlValue, record.lastUpdateTime.sqlValue, record.status.sqlValue, record.stage.sqlValue,
                    record.modelType.sqlValue, record.sourceRunID.sqlValue, record.statusMessage.sqlValue, deletedTime.sqlValue,
                ]
            }
            try connection.execute(
                """
                INSERT INTO logged_models (model_id, experiment_id, name, artifact_uri, creation_time, last_update_time, status,
                    lifecycle_stage, model_type, source_run_id, status_message, deleted_time)
                VALUES \(.rows(rows))
                ON CONFLICT (model_id) DO UPDATE SET name = excluded.name, artifact_uri = excluded.artifact_uri,
                    creation_time = excluded.creation_time, last_update_time = excluded.last_update_time,
                    status = excluded.status, model_type = excluded.model_type, source_run_id = excluded.source_run_id,
                    status_message = excluded.status_message
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try LoggedModelMetricRows.ids(of: Set(records.map(\.modelID)), connection).read(connection).count
    }
}

/// A row of MLflow's `logged_model_params`.
struct ImportedLoggedModelParam: ImportedRecord {
    static let table: StaticString = "logged_model_params"
    static let key: [StaticString] = ["model_id", "param_key"]
    static let columns: [StaticString] = ["param_value"]

    var entry: ImportedModelEntry

    init(_ row: borrowing Row) { entry = ImportedModelEntry(row) }

    var keyValues: [SQLValue] { entry.keyValues }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        try ImportedModelEntry.upsert(records.map(\.entry), into: "logged_model_params", connection)
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try ImportedModelEntry.count(records.map(\.entry), in: "logged_model_params t", connection)
    }
}

/// A row of MLflow's `logged_model_tags`.
struct ImportedLoggedModelTag: ImportedRecord {
    static let table: StaticString = "logged_model_tags"
    static let key: [StaticString] = ["model_id", "tag_key"]
    static let columns: [StaticString] = ["tag_value"]

    var entry: ImportedModelEntry

    init(_ row: borrowing Row) { entry = ImportedModelEntry(row) }

    var keyValues: [SQLValue] { entry.keyValues }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        try ImportedModelEntry.upsert(records.map(\.entry), into: "logged_model_tags", connection)
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try ImportedModelEntry.count(records.map(\.entry), in: "logged_model_tags t", connection)
    }
}

/// A param or tag of a logged model.
struct ImportedModelEntry: Sendable {
    var modelID: String
    var key: String
    var value: String

    init(_ row: borrowing Row) {
        modelID = row.text(0)
        key = row.text(1)
        value = row.text(2)
    }

    var keyValues: [SQLValue] { [modelID.sqlValue, key.sqlValue] }

    static func upsert(_ entries: [Self], into table: SQL, _ connection: any Connection) throws {
        let models = try LoggedModelMetricRows.ids(of: Set(entries.map(\.modelID)), connection).read(connection)
        let rows = entries.compactMap { entry in
            models[entry.modelID].map { [$0.sqlValue, entry.key.sqlValue, entry.value.sqlValue] }
        }
        for slice in rows.powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO \(table) (model_id, key, value) VALUES \(.rows(slice))
                ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value
                """)
        }
    }

    static func count(_ entries: [Self], in table: SQL, _ connection: any Connection) throws -> Int {
        let models = try LoggedModelMetricRows.ids(of: Set(entries.map(\.modelID)), connection).read(connection)
        let rowKeys = entries.compactMap { entry in models[entry.modelID].map { [$0.sqlValue, entry.key.sqlValue] } }
        return try connection.count(rowKeys, in: table, where: "t.model_id = w.column1 AND t.key = w.column2")
    }
}

/// A row of MLflow's `logged_model_metrics`.
struct ImportedLoggedModelMetric: ImportedRecord {
    static let table: StaticString = "logged_model_metrics"
    static let key: [StaticString] = ["model_id", "metric_name", "metric_timestamp_ms", "metric_step", "run_id"]
    static let columns: [StaticString] = ["metric_value", "dataset_name", "dataset_digest"]

    var modelID: String
    var key: String
    /// Milliseconds since 1970.
    var timestamp: Int64
    var step: Int64
    var runID: String
    var value: Double
    var datasetName: String?
    var datasetDigest: String?

    init(_ row: borrowing Row) {
        modelID = row.text(0)
        key = row.text(1)
        timestamp = row.int(2)
        step = row.int(3)
        runID = row.text(4)
        value = row.optionalDouble(5) ?? .nan
        datasetName = row.optionalText(6)
        datasetDigest = row.optionalText(7)
    }

    var keyValues: [SQLValue] {
        [modelID.sqlValue, key.sqlValue, timestamp.sqlValue, step.sqlValue, runID.sqlValue]
    }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        try LoggedModelMetricRows.insert(rows(records, connection), connection)
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        let rowKeys = try rows(records, connection).map { row in
            [
                row.model.sqlValue, row.key.sqlValue, row.point.timestamp.sqlValue, row.point.step.sqlValue, row.run.sqlValue,
                row.point.value.sqlValue, row.point.isNaN.sqlValue,
            ]
        }
        return try connection.count(
            rowKeys, in: "logged_model_metrics t",
            where: """
                t.model_id = w.column1 AND t.key = w.column2 AND t.timestamp = w.column3 AND t.step = w.column4 \
                AND t.run_id = w.column5 AND t.value = w.column6 AND t.is_nan = w.column7
                """)
    }

    /// The rows of the records whose model and run exist.
    private static func rows(_ records: [Self], _ connection: any Connection) throws -> [LoggedModelMetricRow] {
        let models = try LoggedModelMetricRows.ids(of: Set(records.map(\.modelID)), connection).read(connection)
        let runs = try RunIDCache.find(records.map(\.runID), connection)
        return records.compactMap { record in
            guard let model = models[record.modelID], let run = runs[record.runID] else { return nil }
            return LoggedModelMetricRow(
                model: model, run: run.run, key: record.key,
                point: MetricPoint(step: record.step, timestamp: record.timestamp, value: record.value),
                datasetName: record.datasetName, datasetDigest: record.datasetDigest)
        }
    }
}

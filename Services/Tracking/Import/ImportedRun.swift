internal import Database
internal import MLflowImport
internal import Primitives
internal import WireProtocol

/// A row of MLflow's `runs`.
struct ImportedRun: ImportedRecord {
    static let table: StaticString = "runs"
    static let key: [StaticString] = ["run_uuid"]
    static let columns: [StaticString] = [
        "experiment_id", "name", "user_id", "status", "start_time", "end_time", "artifact_uri", "lifecycle_stage", "deleted_time",
    ]

    var runID: String
    var experiment: Int64
    var name: String
    var userID: String
    var status: String
    var startTime: UnixMilliseconds
    var endTime: UnixMilliseconds?
    var artifactURI: String
    var stage: String
    var deletedTime: UnixMilliseconds?

    init(_ row: borrowing Row) {
        runID = row.text(0)
        experiment = row.int(1)
        name = row.text(2)
        userID = row.text(3)
        status = row.optionalText(4) ?? RunStatus.running.rawValue
        startTime = row.quantity(5)
        endTime = row.optionalQuantity(6)
        artifactURI = row.text(7)
        stage = row.optionalText(8) ?? LifecycleStage.active.rawValue
        // Early versions didn't store when a run was deleted; it ended before that.
        deletedTime = stage == LifecycleStage.deleted.rawValue ? row.optionalQuantity(9) ?? endTime ?? startTime : nil
    }

    var keyValues: [SQLValue] { [runID.sqlValue] }

    func relocated(by relocation: ArtifactRelocation) -> Self {
        var record = self
        record.artifactURI = relocation(artifactURI)
        return record
    }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        let experiments = try ExistingExperiments(of: records.map(\.experiment), connection)
        for slice in records.filter({ experiments.contains($0.experiment) }).powerOfTwoChunks() {
            let rows = slice.map { record in
                [
                    record.runID.sqlValue, record.experiment.sqlValue, record.name.sqlValue, record.userID.sqlValue,
                    record.status.sqlValue, record.startTime.sqlValue, record.endTime.sqlValue, record.artifactURI.sqlValue,
                    record.stage.sqlValue, record.deletedTime.sqlValue,
                ]
            }
            try connection.execute(
                """
                INSERT INTO runs (run_uuid, experiment_id, name, user_id, status, start_time, end_time, artifact_uri,
                    lifecycle_stage, deleted_time)
                VALUES \(.rows(rows))
                ON CONFLICT (run_uuid) DO UPDATE SET name = excluded.name, user_id = excluded.user_id,
                    status = excluded.status, start_time = excluded.start_time, end_time = excluded.end_time,
                    artifact_uri = excluded.artifact_uri
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try RunIDCache.find(records.map(\.runID), connection).count
    }
}

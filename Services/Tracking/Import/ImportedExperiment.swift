internal import Database
internal import MLflowImport
internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// A row of MLflow's `experiments`.
///
/// A repeated import doesn't change the lifecycle stage of an existing experiment, run or model. Otherwise something that was
/// restored here after an earlier import would become deleted again, with an old deletion time, and be garbage-collected.
struct ImportedExperiment: ImportedRecord {
    static let table: StaticString = "experiments"
    static let key: [StaticString] = ["experiment_id"]
    static let columns: [StaticString] = ["name", "artifact_location", "lifecycle_stage", "creation_time", "last_update_time"]

    var id: Int64
    var name: String
    var artifactLocation: String
    var stage: String
    var creationTime: UnixMilliseconds
    var lastUpdateTime: UnixMilliseconds

    init(_ row: borrowing Row) {
        id = row.int(0)
        name = row.text(1)
        artifactLocation = row.text(2)
        stage = row.optionalText(3) ?? "active"
        creationTime = row.quantity(4)
        lastUpdateTime = row.optionalQuantity(5) ?? creationTime
    }

    var keyValues: [SQLValue] { [id.sqlValue] }

    func relocated(by relocation: ArtifactRelocation) -> Self {
        var record = self
        record.artifactLocation = relocation(artifactLocation)
        return record
    }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        for record in records { try record.checkForConflict(connection) }
        for slice in records.powerOfTwoChunks() {
            let rows = slice.map { record in
                [
                    record.id.sqlValue, record.name.sqlValue, record.artifactLocation.sqlValue, record.stage.sqlValue,
                    record.creationTime.sqlValue, record.lastUpdateTime.sqlValue,
                ]
            }
            try connection.execute(
                """
                INSERT INTO experiments (id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
                VALUES \(.rows(rows))
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, artifact_location = excluded.artifact_location,
                    creation_time = excluded.creation_time
                """)
        }
        try connection.advanceIDSequence(of: "experiments")
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try ExistingExperiments(of: records.map(\.id), connection).count
    }

    /// Throws when a different experiment already has this ID or name, since experiments keep their IDs. The default experiment
    /// exists in every database.
    private func checkForConflict(_ connection: any Connection) throws {
        let other = try connection.first(
            """
            SELECT id, name FROM experiments
            WHERE (id = \(id) AND id <> \(ExperimentID.default) AND creation_time <> \(creationTime))
                OR (name = \(name) AND id <> \(id))
            """
        ) { row in "'\(row.text(1))' with ID \(row.int(0))" }
        guard let other else { return }
        throw ConfigurationError(
            "the experiment '\(name)' with ID \(id) can't be imported: it conflicts with the existing experiment \(other). Experiments "
                + "keep their IDs, so import into an empty database.")
    }
}

/// A row of MLflow's `experiment_tags`.
struct ImportedExperimentTag: ImportedRecord {
    static let table: StaticString = "experiment_tags"
    static let key: [StaticString] = ["key", "experiment_id"]
    static let columns: [StaticString] = ["value"]

    var key: String
    var experiment: Int64
    var value: String

    init(_ row: borrowing Row) {
        key = row.text(0)
        experiment = row.int(1)
        value = row.text(2)
    }

    var keyValues: [SQLValue] { [key.sqlValue, experiment.sqlValue] }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        let experiments = try ExistingExperiments(of: records.map(\.experiment), connection)
        for slice in records.filter({ experiments.contains($0.experiment) }).powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO experiment_tags (experiment_id, key, value)
                VALUES \(.rows(slice.map { [$0.experiment.sqlValue, $0.key.sqlValue, $0.value.sqlValue] }))
                ON CONFLICT (experiment_id, key) DO UPDATE SET value = excluded.value
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try connection.count(
            records.map { [$0.experiment.sqlValue, $0.key.sqlValue] }, in: "experiment_tags t",
            where: "t.experiment_id = w.column1 AND t.key = w.column2")
    }
}

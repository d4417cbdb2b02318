internal import Database
internal import MLflowImport

/// A row of MLflow's `inputs` that links a logged model to a run as its input.
struct ImportedModelInput: ImportedRecord {
    static let name: StaticString = "model inputs"
    static let table: StaticString = "inputs"
    static let condition: StaticString = "source_type = 'RUN_INPUT' AND destination_type = 'MODEL_INPUT'"
    static let key: [StaticString] = ImportedModelLink.key
    static let columns: [StaticString] = []

    var link: ImportedModelLink

    init(_ row: borrowing Row) { link = ImportedModelLink(row, step: 0) }

    var keyValues: [SQLValue] { link.keyValues }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        for slice in try ImportedModelLink.rows(records.map(\.link), connection).powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO run_model_inputs (run_id, model_id) VALUES \(.rows(slice.map { Array($0.prefix(2)) }))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try ImportedModelLink.count(records.map(\.link), in: "run_model_inputs t", connection)
    }
}

/// A row of MLflow's `inputs` that links a logged model to a run as its output.
struct ImportedModelOutput: ImportedRecord {
    static let name: StaticString = "model outputs"
    static let table: StaticString = "inputs"
    static let condition: StaticString = "source_type = 'RUN_OUTPUT' AND destination_type = 'MODEL_OUTPUT'"
    static let key: [StaticString] = ImportedModelLink.key
    static let columns: [StaticString] = ["step"]

    var link: ImportedModelLink

    init(_ row: borrowing Row) { link = ImportedModelLink(row, step: row.int(4)) }

    var keyValues: [SQLValue] { link.keyValues }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        for slice in try ImportedModelLink.rows(records.map(\.link), connection).powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO run_model_outputs (run_id, model_id, step) VALUES \(.rows(slice))
                ON CONFLICT (run_id, model_id) DO UPDATE SET step = excluded.step
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try ImportedModelLink.count(records.map(\.link), in: "run_model_outputs t", connection)
    }
}

/// A link between a run and a logged model.
struct ImportedModelLink: Sendable {
    static let key: [StaticString] = ["source_type", "source_id", "destination_type", "destination_id"]

    private(set) var keyValues: [SQLValue]
    private var runID: String
    private var modelID: String
    private var step: Int64

    init(_ row: borrowing Row, step: Int64) {
        keyValues = [row.text(0).sqlValue, row.text(1).sqlValue, row.text(2).sqlValue, row.text(3).sqlValue]
        runID = row.text(1)
        modelID = row.text(3)
        self.step = step
    }

    /// The run's row ID, the model's ID and the step, for each link whose run exists.
    static func rows(_ links: [Self], _ connection: any Connection) throws -> [[SQLValue]] {
        let runs = try RunIDCache.find(links.map(\.runID), connection)
        return links.compactMap { link in
            runs[link.runID].map { [$0.run.sqlValue, link.modelID.sqlValue, link.step.sqlValue] }
        }
    }

    static func count(_ links: [Self], in table: SQL, _ connection: any Connection) throws -> Int {
        try connection.count(
            rows(links, connection).map { Array($0.prefix(2)) }, in: table,
            where: "t.run_id = w.column1 AND t.model_id = w.column2")
    }
}

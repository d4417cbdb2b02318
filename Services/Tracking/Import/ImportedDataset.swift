internal import Database
internal import MLflowImport
internal import WireProtocol

/// A row of MLflow's `datasets`.
struct ImportedDataset: ImportedRecord {
    static let table: StaticString = "datasets"
    static let key: [StaticString] = ["experiment_id", "name", "digest"]
    static let columns: [StaticString] = ["dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile"]

    var experiment: Int64
    var dataset: Dataset

    init(_ row: borrowing Row) {
        experiment = row.int(0)
        dataset = Dataset(
            name: row.text(1), digest: row.text(2), sourceType: row.text(3), source: row.text(4), schema: row.optionalText(5),
            profile: row.optionalText(6))
    }

    var keyValues: [SQLValue] { [experiment.sqlValue, dataset.name.sqlValue, dataset.digest.sqlValue] }

    /// Inserts new datasets. Existing ones stay, since datasets are immutable.
    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        let experiments = try ExistingExperiments(of: records.map(\.experiment), connection)
        let groups = Dictionary(grouping: records) { $0.experiment }
        for (experiment, records) in groups.sorted(by: { $0.key < $1.key }) where experiments.contains(experiment) {
            _ = try DatasetRows.ids(of: records.map(\.dataset), experiment: experiment, connection)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try DatasetIDs(of: records.map { ($0.experiment, DatasetKey($0.dataset)) }, connection).count
    }
}

/// Row IDs of datasets in our database, by experiment and key.
struct DatasetIDs {
    private var ids: [Int64: [DatasetKey: Int64]] = [:]

    init(of datasets: [(experiment: Int64, key: DatasetKey)], _ connection: any Connection) throws {
        for (experiment, group) in Dictionary(grouping: datasets, by: \.experiment) {
            ids[experiment] = try DatasetRows.find(Array(Set(group.map(\.key))), experiment, connection)
        }
    }

    /// The number of datasets that exist.
    var count: Int { ids.values.reduce(0) { $0 + $1.count } }

    subscript(experiment: Int64, key: DatasetKey) -> Int64? { ids[experiment]?[key] }
}

/// A row of MLflow's `inputs` that links a dataset to a run as its input.
struct ImportedDatasetInput: ImportedRecord {
    static let name: StaticString = "dataset inputs"
    static let table: StaticString = "inputs"
    static let joins: StaticString = "JOIN datasets d ON d.dataset_uuid = inputs.source_id"
    static let condition: StaticString = "inputs.source_type = 'DATASET' AND inputs.destination_type = 'RUN'"
    static let key: [StaticString] = [
        "inputs.source_type", "inputs.source_id", "inputs.destination_type", "inputs.destination_id",
    ]
    static let columns: [StaticString] = ["d.experiment_id", "d.name", "d.digest"]

    private(set) var keyValues: [SQLValue]
    var runID: String
    var experiment: Int64
    var dataset: DatasetKey

    init(_ row: borrowing Row) {
        keyValues = [row.text(0).sqlValue, row.text(1).sqlValue, row.text(2).sqlValue, row.text(3).sqlValue]
        runID = row.text(3)
        experiment = row.int(4)
        dataset = DatasetKey(name: row.text(5), digest: row.text(6))
    }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        for slice in try rows(records, connection).powerOfTwoChunks() {
            try connection.execute(
                "INSERT INTO run_inputs (run_id, dataset_id) VALUES \(.rows(slice)) ON CONFLICT DO NOTHING")
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try connection.count(
            rows(records, connection), in: "run_inputs t", where: "t.run_id = w.column1 AND t.dataset_id = w.column2")
    }

    /// The row IDs of run and dataset, for each record whose run and dataset exist.
    private static func rows(_ records: [Self], _ connection: any Connection) throws -> [[SQLValue]] {
        let runs = try RunIDCache.find(records.map(\.runID), connection)
        let datasets = try DatasetIDs(of: records.map { ($0.experiment, $0.dataset) }, connection)
        return records.compactMap { record in
            guard let run = runs[record.runID], let dataset = datasets[record.experiment, record.dataset] else { return nil }
            return [run.run.sqlValue, dataset.sqlValue]
        }
    }
}

/// A row of MLflow's `input_tags`.
struct ImportedInputTag: ImportedRecord {
    static let table: StaticString = "input_tags"
    static let joins: StaticString = """
        JOIN inputs i ON i.input_uuid = input_tags.input_uuid JOIN datasets d ON d.dataset_uuid = i.source_id
        """
    static let key: [StaticString] = ["input_tags.input_uuid", "input_tags.name"]
    static let columns: [StaticString] = ["input_tags.value", "i.destination_id", "d.experiment_id", "d.name", "d.digest"]

    private(set) var keyValues: [SQLValue]
    var key: String
    var value: String
    var runID: String
    var experiment: Int64
    var dataset: DatasetKey

    init(_ row: borrowing Row) {
        keyValues = [row.text(0).sqlValue, row.text(1).sqlValue]
        key = row.text(1)
        value = row.text(2)
        runID = row.text(3)
        experiment = row.int(4)
        dataset = DatasetKey(name: row.text(5), digest: row.text(6))
    }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        let rows = try rowIDs(records, connection).map { [$0.run.sqlValue, $0.dataset.sqlValue] + $0.tag }
        for slice in rows.powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO run_input_tags (run_id, dataset_id, key, value) VALUES \(.rows(slice))
                ON CONFLICT (run_id, dataset_id, key) DO UPDATE SET value = excluded.value
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try connection.count(
            rowIDs(records, connection).map { [$0.run.sqlValue, $0.dataset.sqlValue, $0.tag[0]] }, in: "run_input_tags t",
            where: "t.run_id = w.column1 AND t.dataset_id = w.column2 AND t.key = w.column3")
    }

    private static func rowIDs(_ records: [Self], _ connection: any Connection) throws
        -> [(run: Int64, dataset: Int64, tag: [SQLValue])]
    {
        let runs = try RunIDCache.find(records.map(\.runID), connection)
        let datasets = try DatasetIDs(of: records.map { ($0.experiment, $0.dataset) }, connection)
        return records.compactMap { record in
            guard let run = runs[record.runID], let dataset = datasets[record.experiment, record.dataset] else { return nil }
            return (run.run, dataset, [record.key.sqlValue, record.value.sqlValue])
        }
    }
}

internal import Database
internal import WireProtocol

/// SQL for datasets, which are identified by experiment, name and digest.
enum DatasetRows {
    /// Returns the row IDs of datasets, inserting those that are new to the experiment. Existing datasets stay unchanged.
    static func ids(of datasets: [Dataset], experiment: Int64, _ connection: any Connection) throws -> [DatasetKey: Int64] {
        var ids = try find(datasets.map(DatasetKey.init), experiment, connection)
        let new = datasets.filter { ids[DatasetKey($0)] == nil }
        guard !new.isEmpty else { return ids }
        for slice in new.powerOfTwoChunks() {
            let rows = slice.map { dataset in
                [
                    experiment.sqlValue, dataset.name.sqlValue, dataset.digest.sqlValue, dataset.sourceType.sqlValue,
                    dataset.source.sqlValue, dataset.schema.sqlValue, dataset.profile.sqlValue,
                ]
            }
            try connection.execute(
                """
                INSERT INTO datasets (experiment_id, name, digest, source_type, source, schema, profile) VALUES \(.rows(rows))
                ON CONFLICT (experiment_id, name, digest) DO NOTHING
                """)
        }
        // Concurrent requests may have inserted some of them.
        ids.merge(try find(new.map(DatasetKey.init), experiment, connection)) { $1 }
        return ids
    }

    /// Returns the row IDs of those datasets that exist in the experiment.
    static func find(_ keys: [DatasetKey], _ experiment: Int64, _ connection: any Connection) throws
        -> [DatasetKey: Int64]
    {
        var ids: [DatasetKey: Int64] = [:]
        for slice in keys.powerOfTwoChunks() {
            // CROSS JOIN keeps SQLite from scanning the table first.
            try connection.query(
                """
                SELECT d.id, d.name, d.digest
                FROM (VALUES \(.rows(slice.map { [$0.name.sqlValue, $0.digest.sqlValue] }))) AS wanted
                CROSS JOIN datasets d
                WHERE d.experiment_id = \(experiment) AND d.name = wanted.column1 AND d.digest = wanted.column2
                """
            ) { row in ids[DatasetKey(name: row.text(1), digest: row.text(2))] = row.int(0) }
        }
        return ids
    }
}

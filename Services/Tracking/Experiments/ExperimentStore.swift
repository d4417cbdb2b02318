internal import Database
internal import Primitives
internal import ServiceDatabase
internal import WireProtocol

/// SQL for experiments.
struct ExperimentStore: Sendable {
    let database: any Database

    /// - Parameter artifactLocation: returns the artifact location for the new ID.
    /// - Returns: the new experiment's ID; `nil` if another experiment, even a deleted one, has the name.
    func create(
        name: String, tags: [KeyValue], time: UnixMilliseconds, artifactLocation: @escaping @Sendable (Int64) -> String
    ) async throws -> Int64? {
        try await database.write { connection in
            let id = try connection.first(
                """
                INSERT INTO experiments (name, artifact_location, lifecycle_stage, creation_time, last_update_time)
                VALUES (\(name), '', 'active', \(time), \(time)) ON CONFLICT (name) DO NOTHING RETURNING id
                """
            ) { $0.int(0) }
            guard let id else { return nil }
            try connection.execute("UPDATE experiments SET artifact_location = \(artifactLocation(id)) WHERE id = \(id)")
            for tag in tags { try Self.setTag(tag, experiment: id, connection) }
            return id
        }
    }

    /// Adds the default experiment if it doesn't exist.
    func createDefault(name: String, artifactLocation: String, time: UnixMilliseconds) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO experiments (id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
                SELECT 0, \(name), \(artifactLocation), 'active', \(time), \(time)
                WHERE NOT EXISTS (SELECT 1 FROM experiments WHERE id = 0) ON CONFLICT (name) DO NOTHING
                """)
        }
    }

    func find(id: Int64) async throws -> Experiment? {
        try await database.readResponse(.point) { try Self.find(where: "id = \(id)", $0).first }
    }

    func find(name: String) async throws -> Experiment? {
        try await database.readResponse(.point) { try Self.find(where: "name = \(name)", $0).first }
    }

    /// Changes the stage of an experiment that is in stage `from`, and of all its runs.
    ///
    /// - Returns: whether such an experiment exists.
    func setLifecycleStage(id: Int64, from: LifecycleStage, to: LifecycleStage, time: UnixMilliseconds) async throws -> Bool {
        try await database.write { connection in
            let changed = try connection.execute(
                """
                UPDATE experiments SET lifecycle_stage = \(to.rawValue), last_update_time = \(time)
                WHERE id = \(id) AND lifecycle_stage = \(from.rawValue)
                """)
            guard changed > 0 else { return false }
            let deletedTime: UnixMilliseconds? = to == .deleted ? time : nil
            try connection.execute(
                "UPDATE runs SET lifecycle_stage = \(to.rawValue), deleted_time = \(deletedTime) WHERE experiment_id = \(id)")
            return true
        }
    }

    /// - Throws: `DatabaseError` with `uniqueViolation` if the name is taken.
    func rename(id: Int64, to name: String, time: UnixMilliseconds) async throws {
        try await database.write { connection in
            try connection.execute("UPDATE experiments SET name = \(name), last_update_time = \(time) WHERE id = \(id)")
        }
    }

    func setTag(_ tag: KeyValue, experiment: Int64) async throws {
        try await database.write { try Self.setTag(tag, experiment: experiment, $0) }
    }

    /// - Returns: whether the tag existed.
    func deleteTag(_ key: String, experiment: Int64) async throws -> Bool {
        try await database.write { connection in
            try connection.execute("DELETE FROM experiment_tags WHERE experiment_id = \(experiment) AND key = \(key)") > 0
        }
    }

    static func find(where condition: SQL, orderBy: SQL = "id", limit: Int = 1, offset: Int = 0, _ connection: any Connection)
        throws -> [Experiment]
    {
        var experiments = try connection.rows(
            """
            SELECT id, name, artifact_location, lifecycle_stage, creation_time, last_update_time FROM experiments
            WHERE \(condition) ORDER BY \(orderBy) LIMIT \(limit) OFFSET \(offset)
            """
        ) { row in
            Experiment(
                id: row.int(0), name: row.text(1), artifactLocation: row.text(2),
                lifecycleStage: LifecycleStage(rawValue: row.text(3)) ?? .active, creationTime: row.quantity(4),
                lastUpdateTime: row.quantity(5))
        }
        var positions: [Int64: Int] = [:]
        for (position, experiment) in experiments.enumerated() { positions[experiment.id] = position }
        for slice in experiments.map(\.id).powerOfTwoChunks(limit: 128) {
            try connection.query(
                "SELECT experiment_id, key, value FROM experiment_tags WHERE experiment_id IN (\(.list(slice))) ORDER BY key"
            ) { row in
                if let position = positions[row.int(0)] {
                    experiments[position].tags.append(KeyValue(key: row.text(1), value: row.text(2)))
                }
            }
        }
        return experiments
    }

    private static func setTag(_ tag: KeyValue, experiment: Int64, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO experiment_tags (experiment_id, key, value) VALUES (\(experiment), \(tag.key), \(tag.value))
            ON CONFLICT (experiment_id, key) DO UPDATE SET value = excluded.value
            """)
    }
}

internal import Database
internal import Synchronization
internal import WireProtocol

/// Interns names of metrics, params and tags as small integers (key IDs), so that rows of metric points stay small.
///
/// Key IDs belong to an experiment, so the rows of one name in one experiment are adjacent in every index that begins with the key
/// ID. IDs in use never change, so they are cached without revalidation, up to a limit.
final class KeyInterner: Sendable {
    /// Entries.
    private static let cacheLimit = 50_000

    private let database: any Database
    private let cache = Mutex(Cache())

    private struct Key: Hashable {
        var experiment: Int64
        var name: KeyName
    }

    private struct Cache {
        var ids: [Key: Int64] = [:]
        var names: [Int64: String] = [:]

        mutating func add(_ key: Key, _ id: Int64) {
            if ids.count >= KeyInterner.cacheLimit { (ids, names) = ([:], [:]) }
            ids[key] = id
            names[id] = key.name.text
        }
    }

    init(database: any Database) {
        self.database = database
    }

    /// Returns the key IDs of `names` in an experiment, assigning IDs to new names. Assignment uses a separate transaction, because
    /// an ID must be committed before a row refers to it.
    ///
    /// - Throws: `ServiceError` if the experiment doesn't exist.
    func ids(for names: [String], in experiment: Int64) async throws -> KeyIDs {
        let names = Set(names.map(KeyName.init))
        var ids = cache.withLock { cache in
            names.reduce(into: [KeyName: Int64](minimumCapacity: names.count)) { ids, name in
                ids[name] = cache.ids[Key(experiment: experiment, name: name)]
            }
        }
        let missing = names.filter { ids[$0] == nil }.sorted()
        guard !missing.isEmpty else { return KeyIDs(ids) }
        let added = try await database.write { connection -> [KeyName: Int64] in
            guard try connection.exists("SELECT 1 FROM experiments WHERE id = \(experiment)") else {
                throw ServiceError.experimentNotFound(experiment)
            }
            return try Self.add(missing, in: experiment, connection)
        }
        cache.withLock { cache in
            for (name, id) in added {
                ids[name] = id
                cache.add(Key(experiment: experiment, name: name), id)
            }
        }
        return KeyIDs(ids)
    }

    /// Returns the key ID of a name in an experiment; `nil` if nothing was ever logged with that name.
    func id(for name: String, in experiment: Int64, _ connection: any Connection) throws -> Int64? {
        let key = Key(experiment: experiment, name: KeyName(name))
        if let id = cache.withLock({ $0.ids[key] }) { return id }
        guard let (_, id) = try Self.find([key.name], in: experiment, connection).first else { return nil }
        cache.withLock { $0.add(key, id) }
        return id
    }

    /// Returns a function that looks up the key IDs of a name in all of those experiments.
    func ids(in experiments: [Int64], _ connection: any Connection) -> (_ name: String) throws -> [Int64] {
        { name in
            if experiments.count <= 16 { return try experiments.compactMap { try self.id(for: name, in: $0, connection) } }
            return try experiments.powerOfTwoChunks(limit: 512).flatMap { slice in
                try connection.rows("SELECT id FROM keys WHERE name = \(name) AND experiment_id IN (\(.list(slice)))") { $0.int(0) }
            }
        }
    }

    /// Returns the names of those key IDs.
    func names(for ids: Set<Int64>, _ connection: any Connection) throws -> [Int64: String] {
        var names = cache.withLock { cache in
            ids.reduce(into: [Int64: String](minimumCapacity: ids.count)) { names, id in names[id] = cache.names[id] }
        }
        for slice in Array(ids.filter { names[$0] == nil }).powerOfTwoChunks(limit: 128) {
            try connection.query("SELECT id, name, experiment_id FROM keys WHERE id IN (\(.list(slice)))") { row in
                let (id, key) = (row.int(0), Key(experiment: row.int(2), name: KeyName(row.text(1))))
                names[id] = key.name.text
                cache.withLock { $0.add(key, id) }
            }
        }
        return names
    }

    /// Assigns key IDs to new names, and returns the IDs of all names.
    ///
    /// - Parameter names: unique names.
    static func add(_ names: [KeyName], in experiment: Int64, _ connection: any Connection) throws -> [KeyName: Int64] {
        for slice in names.powerOfTwoChunks() {
            let rows = slice.map { [experiment.sqlValue, $0.text.sqlValue] }
            try connection.execute(
                "INSERT INTO keys (experiment_id, name) VALUES \(.rows(rows)) ON CONFLICT (experiment_id, name) DO NOTHING")
        }
        return try find(names, in: experiment, connection)
    }

    /// Returns the key IDs of those names that have one.
    static func find(_ names: [KeyName], in experiment: Int64, _ connection: any Connection) throws -> [KeyName: Int64] {
        var ids: [KeyName: Int64] = [:]
        for slice in names.powerOfTwoChunks(limit: 128) {
            try connection.query(
                "SELECT name, id FROM keys WHERE experiment_id = \(experiment) AND name IN (\(.list(slice.map(\.text))))"
            ) { ids[KeyName($0.text(0))] = $0.int(1) }
        }
        return ids
    }
}

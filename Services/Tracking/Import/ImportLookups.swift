internal import Database

/// Row IDs of runs and key IDs of their metrics, params or tags.
struct RunKeyIDs {
    private let runs: [String: RunIDCache.Entry]
    /// Key IDs by experiment.
    private var ids: [Int64: KeyIDs] = [:]

    /// - Parameter interningNew: whether to assign IDs to new names.
    init(of entries: [(run: String, key: String)], interningNew: Bool, _ connection: any Connection) throws {
        runs = try RunIDCache.find(entries.map(\.run), connection)
        var names: [Int64: Set<KeyName>] = [:]
        for entry in entries {
            if let run = runs[entry.run] { names[run.experiment, default: []].insert(KeyName(entry.key)) }
        }
        for (experiment, names) in names.sorted(by: { $0.key < $1.key }) {
            let find = interningNew ? KeyInterner.add : KeyInterner.find
            ids[experiment] = KeyIDs(try find(names.sorted(), experiment, connection))
        }
    }

    /// `nil` if the run doesn't exist or the key has no ID.
    subscript(run: String, key: String) -> RunKey? {
        guard let entry = runs[run], let id = ids[entry.experiment]?[key] else { return nil }
        return RunKey(run: entry.run, key: id)
    }
}

/// The subset of given experiments that exist in our database.
struct ExistingExperiments {
    private var ids: Set<Int64> = []

    init(of experiments: [Int64], _ connection: any Connection) throws {
        for slice in Array(Set(experiments)).powerOfTwoChunks(limit: 128) {
            try connection.query("SELECT id FROM experiments WHERE id IN (\(.list(slice)))") { ids.insert($0.int(0)) }
        }
    }

    /// The number of experiments that exist.
    var count: Int { ids.count }

    func contains(_ id: Int64) -> Bool { ids.contains(id) }
}

extension Connection {
    /// Counts the rows of `rowKeys` that have a match in a table, with one index lookup per row.
    ///
    /// - Parameters:
    ///   - table: the table with the alias `t`.
    ///   - condition: compares `t` with the values of a row of `rowKeys`: `w.column1`, `w.column2` and so on.
    func count(_ rowKeys: [[SQLValue]], in table: SQL, where condition: SQL) throws -> Int {
        try rowKeys.powerOfTwoChunks(limit: 128).reduce(0) { sum, slice in
            // CROSS JOIN keeps SQLite from scanning the table first.
            let found = try first(
                "SELECT COUNT(*) FROM (VALUES \(.rows(slice))) AS w CROSS JOIN \(table) WHERE \(condition)"
            ) { $0.int(0) }
            return sum + Int(clamping: found ?? 0)
        }
    }
}

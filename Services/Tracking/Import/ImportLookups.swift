internal import Database

/// The numbers of metrics, params or tags of runs.
struct RunKeyIDs {
    private let runs: [String: RunIDCache.Entry]
    /// By experiment.
    private var ids: [Int64: KeyIDs] = [:]

    /// - Parameter interningNew: whether names that have no number yet get one.
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

    /// `nil` when there is no such run.
    subscript(run: String, key: String) -> RunKey? {
        guard let entry = runs[run], let id = ids[entry.experiment]?[key] else { return nil }
        return RunKey(run: entry.run, key: id)
    }
}

/// Those of certain experiments that are in our database.
struct ExistingExperiments {
    private var ids: Set<Int64> = []

    init(of experiments: [Int64], _ connection: any Connection) throws {
        for slice in Array(Set(experiments)).powerOfTwoChunks(limit: 128) {
            try connection.query("SELECT id FROM experiments WHERE id IN (\(.list(slice)))") { ids.insert($0.int(0)) }
        }
    }

    /// How many of the experiments there are.
    var count: Int { ids.count }

    func contains(_ id: Int64) -> Bool { ids.contains(id) }
}

extension Connection {
    /// How many rows of `rowKeys` have a partner in a table, by a search of its index for each.
    ///
    /// - Parameters:
    ///   - table: the table with the alias `t`.
    ///   - condition: compares `t` with the values of a row of `rowKeys`, which are `w.column1` and so on.
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

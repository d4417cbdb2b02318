internal import Database

/// The numbers of metrics, params or tags of runs.
struct ImportedKeys {
    private let runs: [String: RunDirectory.Place]
    /// By experiment.
    private var numbers: [Int64: KeyNumbers] = [:]

    /// - Parameter adding: whether names that have no number yet get one.
    init(of entries: [(run: String, key: String)], adding: Bool, _ connection: any Connection) throws {
        runs = try RunDirectory.places(of: entries.map(\.run), connection)
        var names: [Int64: Set<KeyName>] = [:]
        for entry in entries {
            if let place = runs[entry.run] { names[place.experiment, default: []].insert(KeyName(entry.key)) }
        }
        for (experiment, names) in names.sorted(by: { $0.key < $1.key }) {
            let find = adding ? KeyDictionary.add : KeyDictionary.find
            numbers[experiment] = KeyNumbers(try find(names.sorted(), experiment, connection))
        }
    }

    /// `nil` when there is no such run.
    subscript(run: String, key: String) -> RunKey? {
        guard let place = runs[run], let number = numbers[place.experiment]?[key] else { return nil }
        return RunKey(run: place.run, key: number)
    }
}

/// Those of certain experiments that are in our database.
struct ImportedExperiments {
    private var ids: Set<Int64> = []

    init(of experiments: [Int64], _ connection: any Connection) throws {
        for slice in Array(Set(experiments)).inPowersOfTwo(limit: 128) {
            try connection.query("SELECT id FROM experiments WHERE id IN (\(.list(slice)))") { ids.insert($0.int(0)) }
        }
    }

    /// How many of the experiments there are.
    var count: Int { ids.count }

    func contains(_ id: Int64) -> Bool { ids.contains(id) }
}

extension Connection {
    /// How many rows of `wanted` have a partner in a table, by a search of its index for each.
    ///
    /// - Parameters:
    ///   - table: the table with the alias `t`.
    ///   - condition: compares `t` with the values of a row of `wanted`, which are `w.column1` and so on.
    func count(_ wanted: [[SQLValue]], in table: SQL, where condition: SQL) throws -> Int {
        try wanted.inPowersOfTwo(limit: 128).reduce(0) { sum, slice in
            // CROSS JOIN keeps SQLite from scanning the table first.
            let found = try first(
                "SELECT COUNT(*) FROM (VALUES \(.rows(slice))) AS w CROSS JOIN \(table) WHERE \(condition)"
            ) { $0.int(0) }
            return sum + Int(clamping: found ?? 0)
        }
    }
}

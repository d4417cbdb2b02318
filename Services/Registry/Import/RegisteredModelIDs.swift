internal import Database

/// Row IDs of registered models in our database, by name.
struct RegisteredModelIDs {
    private var ids: [String: Int64] = [:]

    init(of names: [String], _ connection: any Connection) throws {
        for slice in Array(Set(names)).powerOfTwoChunks(limit: 128) {
            try connection.query("SELECT name, id FROM registered_models WHERE name IN (\(.list(slice)))") { row in
                ids[row.text(0)] = row.int(1)
            }
        }
    }

    /// The number of names that exist.
    var count: Int { ids.count }

    subscript(name: String) -> Int64? { ids[name] }
}

extension Connection {
    /// Runs a `COUNT` statement on chunks of keys and returns the sum.
    ///
    /// - Parameter statement: builds the statement from the rows of a `VALUES` list.
    func count(_ keys: [[SQLValue]], _ statement: (SQL) -> SQL) throws -> Int {
        try keys.powerOfTwoChunks(limit: 128).reduce(0) { sum, slice in
            sum + Int(clamping: try first(statement(.rows(slice))) { $0.int(0) } ?? 0)
        }
    }
}

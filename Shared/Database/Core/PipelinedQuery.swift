/// A query that was sent and whose rows have not been read yet.
package struct PipelinedQuery: Sendable {
    package var sql: SQL
    /// Identifies the query on its connection.
    package var number: Int

    package init(_ sql: SQL, number: Int) {
        self.sql = sql
        self.number = number
    }
}

/// The pending rows of some queries, each a key and its value. Several of these share one round trip.
package struct PipelinedRows<Key: Hashable, Value> {
    private let queries: [PipelinedQuery]
    private let make: (borrowing Row) throws -> (Key, Value)

    /// Sends the queries.
    ///
    /// - Parameter make: converts a row to a key and its value.
    package init(
        _ queries: some Sequence<SQL>, on connection: any Connection, make: @escaping (borrowing Row) throws -> (Key, Value)
    ) throws {
        self.queries = try queries.map { try connection.send($0) }
        self.make = make
    }

    /// Waits for the rows and returns them.
    package func read(_ connection: any Connection) throws -> [Key: Value] {
        var values: [Key: Value] = [:]
        for query in queries {
            try connection.read(query) { row in
                let (key, value) = try make(row)
                values[key] = value
            }
        }
        return values
    }
}

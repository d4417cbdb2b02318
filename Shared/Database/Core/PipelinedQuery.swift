/// A query that was sent and whose rows are still to be read.
package struct PipelinedQuery: Sendable {
    package var sql: SQL
    /// Tells apart the queries that a connection has sent.
    package var number: Int

    package init(_ sql: SQL, number: Int) {
        self.sql = sql
        self.number = number
    }
}

/// Rows that were asked for, of which each will be a key and its value. What several such ask for comes in one round trip.
package struct PipelinedRows<Key: Hashable, Value> {
    private let queries: [PipelinedQuery]
    private let make: (borrowing Row) throws -> (Key, Value)

    /// - Parameter make: reads a row.
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

/// A connection that reports how many bytes of values are read through it, so that a read that grows too large can be stopped.
package final class MeteredConnection: Connection {
    private let base: any Connection
    private let report: (Int) throws -> Void
    private var unreported = 0

    /// The number of bytes between two reports. A smaller read isn't reported.
    private static let portion = 64 << 10

    /// - Parameter report: receives the bytes read since the last report; an error that it throws ends the query.
    package init(_ base: any Connection, report: @escaping (Int) throws -> Void) {
        self.base = base
        self.report = report
    }

    package var dialect: Dialect { base.dialect }

    private func measure(_ row: borrowing Row) throws {
        unreported += row.source.size
        guard unreported >= Self.portion else { return }
        try report(unreported)
        unreported = 0
    }

    package func query(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        try base.query(sql) { row in
            try measure(row)
            try body(row)
        }
    }

    package func read(_ query: PipelinedQuery, _ body: (borrowing Row) throws -> Void) throws {
        try base.read(query) { row in
            try measure(row)
            try body(row)
        }
    }

    package func executeAutocommit(_ sql: SQL) throws { try base.executeAutocommit(sql) }

    package func send(_ sql: SQL) throws -> PipelinedQuery { try base.send(sql) }

    package func execute(_ sql: SQL) throws -> Int { try base.execute(sql) }

    package func submit(_ sql: SQL) throws { try base.submit(sql) }

    package func executeScript(_ script: StaticString) throws { try base.executeScript(script) }
}

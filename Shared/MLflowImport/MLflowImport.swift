package import Database

/// A record that has a place in our own database.
package protocol ImportedRecord: SourceRecord {
    /// Writes records over those with the same keys, so that an import can be run again. A record that belongs to one which
    /// isn't there is left out; the counts at the end tell.
    static func upsert(_ records: [Self], _ connection: any Connection) throws

    /// How many of the records are in our database.
    static func count(_ records: [Self], _ connection: any Connection) throws -> Int
}

/// Takes over tables of an MLflow database, in batches: each is a transaction of its own, and nothing is lost or doubled when
/// the import is interrupted and run again.
package struct MLflowImport: Sendable {
    private static let batchSize = 500

    private let source: MLflowSource
    private let target: any Database
    private let events: ImportEvents

    package init(from source: MLflowSource, to target: any Database, events: ImportEvents) {
        self.source = source
        self.target = target
        self.events = events
    }

    /// Takes over the records, table by table in the order given, and then counts what has arrived.
    package func run(_ records: [any ImportedRecord.Type]) async throws -> ImportCounts {
        for record in records { try await copy(record) }
        var counts = ImportCounts()
        for record in records { counts.tables.append(try await verify(record)) }
        events.done(counts)
        return counts
    }

    private func copy<Record: ImportedRecord>(_ type: Record.Type) async throws {
        guard let table = try await source.table(Record.table) else { return }
        let total = try await table.rowCount()
        var done = 0
        events.progress(table: Record.table.description, done: done, total: total)
        try await forEachBatch(of: type, in: table) { records in
            try await target.write { try Record.upsert(records, $0) }
            done += records.count
            events.progress(table: Record.table.description, done: done, total: total)
        }
    }

    private func verify<Record: ImportedRecord>(_ type: Record.Type) async throws -> ImportCounts.Table {
        var counts = ImportCounts.Table(name: Record.table.description, source: 0, here: 0)
        guard let table = try await source.table(Record.table) else { return counts }
        try await forEachBatch(of: type, in: table) { records in
            counts.here += try await target.read { try Record.count(records, $0) }
        }
        counts.source = try await table.rowCount()
        return counts
    }

    private func forEachBatch<Record: SourceRecord>(
        of type: Record.Type, in table: SourceTable, _ body: ([Record]) async throws -> Void
    ) async throws {
        var last: [SQLValue]?
        while true {
            let records = try await table.batch(of: type, after: last, limit: Self.batchSize)
            guard let lastRecord = records.last else { return }
            try await body(records)
            last = lastRecord.keyValues
        }
    }
}

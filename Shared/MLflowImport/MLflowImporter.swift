package import Database
package import ServiceKit

/// A record that has a place in our own database.
package protocol ImportedRecord: SourceRecord {
    /// Writes records over those with the same keys, so that an import can be run again. A record that belongs to one which
    /// isn't there is left out; the counts at the end tell.
    static func upsert(_ records: [Self], _ connection: any Connection) throws

    /// How many of the records are in our database.
    static func count(_ records: [Self], _ connection: any Connection) throws -> Int

    /// The record with the locations of artifacts as they are after these were copied.
    func relocated(by relocation: ArtifactRelocation) -> Self
}

extension ImportedRecord {
    package func relocated(by relocation: ArtifactRelocation) -> Self { self }
}

/// Takes over tables of an MLflow database, in batches: each is a transaction of its own, and nothing is lost or doubled when
/// the import is interrupted and run again. It then goes on where it was.
package struct MLflowImporter: Sendable {
    private static let batchSize = 500

    private let source: MLflowSource
    private let target: any Database
    private let relocation: ArtifactRelocation?
    private let events: TaskEventWriter

    /// - Parameter relocation: where artifacts have been copied from, `nil` if they stay where they are.
    package init(from source: MLflowSource, to target: any Database, relocation: ArtifactRelocation?, events: TaskEventWriter) {
        self.source = source
        self.target = target
        self.relocation = relocation
        self.events = events
    }

    /// Takes over the records, table by table in the order given, and then counts what has arrived.
    package func run(_ records: [any ImportedRecord.Type]) async throws -> ImportCounts {
        let progress = ImportCheckpoint(source: source.name + (relocation.map { " with artifacts of \($0.root)" } ?? ""))
        try await progress.prepare(target)
        for record in records { try await copy(record, progress) }
        var counts = ImportCounts()
        for record in records { counts.tables.append(try await verify(record)) }
        // Now that all is done, the next import is a new one, which takes over what has changed.
        try await target.write { try progress.clear($0) }
        return counts
    }

    private func copy<Record: ImportedRecord>(_ type: Record.Type, _ progress: ImportCheckpoint) async throws {
        guard let table = try await source.table(Record.table) else { return }
        let name = Record.name.description
        let total = try await table.rowCount(of: type)
        var position = try await target.read { try progress.position(in: name, $0) }
        events.progress(table: name, done: position.done, total: total)
        try await forEachBatch(of: type, in: table, after: position.last) { records in
            let records = relocation.map { relocation in records.map { $0.relocated(by: relocation) } } ?? records
            position.done += records.count
            position.last = records.last?.keyValues
            try await target.write { [position] connection in
                try Record.upsert(records, connection)
                try progress.set(position, in: name, connection)
            }
            events.progress(table: name, done: position.done, total: total)
        }
    }

    private func verify<Record: ImportedRecord>(_ type: Record.Type) async throws -> ImportCounts.Table {
        var counts = ImportCounts.Table(name: Record.name.description, source: 0, imported: 0)
        guard let table = try await source.table(Record.table) else { return counts }
        try await forEachBatch(of: type, in: table, after: nil) { records in
            counts.imported += try await target.read { try Record.count(records, $0) }
        }
        counts.source = try await table.rowCount(of: type)
        return counts
    }

    private func forEachBatch<Record: SourceRecord>(
        of type: Record.Type, in table: SourceTable, after start: [SQLValue]?, _ body: ([Record]) async throws -> Void
    ) async throws {
        var last = start
        while true {
            let records = try await table.batch(of: type, after: last, limit: Self.batchSize)
            guard let lastRecord = records.last else { return }
            try await body(records)
            last = lastRecord.keyValues
        }
    }
}

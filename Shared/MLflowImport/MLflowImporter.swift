package import Database
package import ServiceKit

/// A record that is imported into our own database.
package protocol ImportedRecord: SourceRecord {
    /// Inserts records or updates those with the same keys, so that an import can be repeated. Skips records whose parent record doesn't
    /// exist; the final counts reveal them.
    static func upsert(_ records: [Self], _ connection: any Connection) throws

    /// How many of the records exist in our database.
    static func count(_ records: [Self], _ connection: any Connection) throws -> Int

    /// The record with its artifact URIs relocated.
    func relocated(by relocation: ArtifactRelocation) -> Self
}

extension ImportedRecord {
    package func relocated(by relocation: ArtifactRelocation) -> Self { self }
}

/// Imports tables of an MLflow database in batches, each in its own transaction. An interrupted import resumes where it stopped, without
/// lost or duplicate rows.
package struct MLflowImporter: Sendable {
    private static let batchSize = 500

    private let source: MLflowSource
    private let target: any Database
    private let relocation: ArtifactRelocation?
    private let events: TaskEventWriter

    /// - Parameter relocation: the mapping of artifact URIs; `nil` if the artifacts stay at their locations.
    package init(from source: MLflowSource, to target: any Database, relocation: ArtifactRelocation?, events: TaskEventWriter) {
        self.source = source
        self.target = target
        self.relocation = relocation
        self.events = events
    }

    /// Imports the records table by table, in the given order, and then counts the imported rows.
    package func run(_ records: [any ImportedRecord.Type]) async throws -> ImportCounts {
        let progress = ImportCheckpoint(source: source.name + (relocation.map { " with artifacts of \($0.root)" } ?? ""))
        try await progress.prepare(target)
        for record in records { try await copy(record, progress) }
        var counts = ImportCounts()
        for record in records { counts.tables.append(try await verify(record)) }
        // The import is complete. The next one starts over, to import changes.
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

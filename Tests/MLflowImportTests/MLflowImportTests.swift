import Database
import Foundation
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import MLflowImport

/// A record with two columns besides its key, the second of which exists only in newer versions.
private struct Note: ImportedRecord {
    static let table: StaticString = "notes"
    static let key: [StaticString] = ["topic", "number"]
    static let columns: [StaticString] = ["text", "colour"]

    var topic: String
    var number: Int64
    var text: String?
    var colour: String?

    init(_ row: borrowing Row) {
        topic = row.text(0)
        number = row.int(1)
        text = row.optionalText(2)
        colour = row.optionalText(3)
    }

    var keyValues: [SQLValue] { [topic.sqlValue, number.sqlValue] }

    static func upsert(_ records: [Note], _ connection: any Connection) throws {
        for record in records where record.text != "lost" {
            try connection.execute(
                """
                INSERT INTO notes (topic, number, text, colour)
                VALUES (\(record.topic), \(record.number), \(record.text), \(record.colour))
                ON CONFLICT (topic, number) DO UPDATE SET text = excluded.text, colour = excluded.colour
                """)
        }
    }

    static func count(_ records: [Note], _ connection: any Connection) throws -> Int {
        try records.count { record in
            try connection.exists("SELECT 1 FROM notes WHERE topic = \(record.topic) AND number = \(record.number)")
        }
    }
}

@Suite struct MLflowImportTests {
    private static let oldTable = "CREATE TABLE notes (topic VARCHAR(9), number INTEGER, text VARCHAR(9), PRIMARY KEY (topic, number))"

    /// The event lines of an import.
    private func run(from uri: String, to target: any Database) async throws -> (counts: ImportCounts, lines: [String]) {
        let lines = Mutex<[String]>([])
        let source = try MLflowSource(uri: uri)
        let events = TaskEventWriter { line in lines.withLock { $0.append(line) } }
        let counts = try await MLflowImporter(from: source, to: target, relocation: nil, events: events).run([Note.self])
        counts.report(to: events)
        await source.close()
        return (counts, lines.withLock { $0 })
    }

    /// An empty database with the table into which notes are imported.
    private func withTarget(_ body: (any Database) async throws -> Void) async throws {
        try await withDatabase(.sqlite) { target in
            try await target.write { connection in
                try connection.execute(
                    "CREATE TABLE notes (topic TEXT, number BIGINT, text TEXT, colour TEXT, PRIMARY KEY (topic, number))")
            }
            try await body(target)
        }
    }

    private func notes(_ target: any Database) async throws -> [String] {
        try await target.read { connection in
            try connection.rows("SELECT topic, number, text, colour FROM notes ORDER BY topic, number") { row in
                "\(row.text(0)) \(row.int(1)) \(row.optionalText(2) ?? "-") \(row.optionalText(3) ?? "-")"
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `All rows of a table are imported in batches, and a second import changes nothing`(engine: TestEngine) async throws {
        try await withDatabaseURI(engine) { uri in
            try runScript(Self.oldTable, on: uri)
            let rows = (0..<1203).map { "('\($0 % 2 == 0 ? "a" : "b")', \($0), 'x\($0)')" }.joined(separator: ",")
            try runScript("INSERT INTO notes VALUES \(rows)", on: uri)
            try await withTarget { target in
                let (counts, lines) = try await run(from: uri, to: target)
                #expect(counts.tables == [.init(name: "notes", source: 1203, imported: 1203)])
                #expect(counts.incomplete.isEmpty)
                #expect(
                    lines == [
                        #"{"event":"progress","table":"notes","done":0,"total":1203}"#,
                        #"{"event":"progress","table":"notes","done":500,"total":1203}"#,
                        #"{"event":"progress","table":"notes","done":1000,"total":1203}"#,
                        #"{"event":"progress","table":"notes","done":1203,"total":1203}"#,
                        #"{"event":"done","counts":{"notes":{"source":1203,"here":1203}}}"#,
                    ])
                try runScript("UPDATE notes SET text = 'new' WHERE number = 7", on: uri)
                #expect(try await run(from: uri, to: target).counts.incomplete.isEmpty)
                let notes = try await notes(target)
                #expect(notes.count == 1203)
                #expect(notes.contains("b 7 new -"))
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Columns of newer versions are imported when they exist`(engine: TestEngine) async throws {
        try await withDatabaseURI(engine) { uri in
            try runScript(Self.oldTable + "; ALTER TABLE notes ADD COLUMN colour VARCHAR(9)", on: uri)
            try runScript("INSERT INTO notes VALUES ('a', 1, NULL, 'red')", on: uri)
            try await withTarget { target in
                _ = try await run(from: uri, to: target)
                #expect(try await notes(target) == ["a 1 - red"])
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Other workspaces are skipped, which the counts show`(engine: TestEngine) async throws {
        try await withDatabaseURI(engine) { uri in
            try runScript(
                """
                CREATE TABLE notes (workspace VARCHAR(9), topic VARCHAR(9), number INTEGER, text VARCHAR(9));
                INSERT INTO notes VALUES ('default', 'a', 1, 'x'), ('other', 'a', 1, 'y')
                """, on: uri)
            try await withTarget { target in
                let counts = try await run(from: uri, to: target).counts
                #expect(counts.incomplete == [.init(name: "notes", source: 2, imported: 1)])
                #expect(IncompleteImport(counts)?.description == "The import is incomplete; it has 1 of 2 rows of notes.")
                #expect(try await notes(target) == ["a 1 x -"])
            }
        }
    }

    @Test func `A row that couldn't be written is missing from the counts`() async throws {
        try await withDatabaseURI(.sqlite) { uri in
            try runScript(Self.oldTable + "; INSERT INTO notes VALUES ('a', 1, 'x'), ('a', 2, 'lost')", on: uri)
            try await withTarget { target in
                let counts = try await run(from: uri, to: target).counts
                #expect(counts.incomplete == [.init(name: "notes", source: 2, imported: 1)])
            }
        }
    }

    @Test func `A table that doesn't exist in an old version is empty`() async throws {
        try await withDatabaseURI(.sqlite) { uri in
            try runScript("CREATE TABLE other (x INTEGER)", on: uri)
            try await withTarget { target in
                let counts = try await run(from: uri, to: target).counts
                #expect(counts.tables == [.init(name: "notes", source: 0, imported: 0)])
            }
        }
    }

    @Test func `MLflow's database file is unchanged and can't be written to`() async throws {
        try await withDatabaseURI(.sqlite) { uri in
            try runScript(Self.oldTable + "; INSERT INTO notes VALUES ('a', 1, 'x')", on: uri)
            let path = sqlitePath(uri)
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            try await withTarget { target in _ = try await run(from: uri, to: target) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
            let directory = (path as NSString).deletingLastPathComponent
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["test.db"])
            let source = try MLflowSource(uri: uri)
            await #expect(throws: DatabaseError.self) {
                try await source.database.write { try $0.execute("DELETE FROM notes") }
            }
            await source.close()
        }
    }

    @Test(arguments: ["notes.db", "mysql://host/name", "sqlite:///no/such/file.db", "sqlite://file.db"])
    func `An unreadable source is a configuration error`(uri: String) {
        #expect(throws: ConfigurationError.self) { try MLflowSource(uri: uri) }
    }
}

import Database
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import SQLiteDatabase

/// Reads of a file that another process has locked.
@Suite struct SQLiteLockTests {
    /// Counts how often a read starts.
    private final class Attempts: Sendable {
        private let value = Mutex(0)

        var count: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }

    @Test(arguments: [ReadKind.statement, .point], [true, false])
    func `A small read waits for a lock on a database thread, not on the caller's`(kind: ReadKind, isOpen: Bool) async throws {
        let path = NSTemporaryDirectory() + "locked-\(UUID()).db"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let other = try SQLiteConnection(path: path, access: .write)
        // In WAL mode, as in our own files, writers don't lock out readers.
        try other.query("PRAGMA journal_mode = DELETE") { _ in }
        try other.execute("CREATE TABLE entries (id INTEGER PRIMARY KEY)")
        try other.execute("INSERT INTO entries VALUES (7)")
        let database = try SQLiteDatabase(readOnlyFile: path)
        let attempts = Attempts()
        let read: @Sendable (any Connection) throws -> Int64? = { connection in
            attempts.add()
            return try connection.first("SELECT id FROM entries") { $0.int(0) }
        }
        if isOpen { _ = try await database.read(kind, read) }
        let earlier = attempts.count

        try other.execute("BEGIN EXCLUSIVE")
        async let result = database.read(kind, read)
        try await Task.sleep(for: .milliseconds(200))
        try other.execute("COMMIT")
        #expect(try await result == 7)
        // The first attempt gave up at once; the second waited.
        #expect(attempts.count == earlier + 2)
        await database.close()
    }
}

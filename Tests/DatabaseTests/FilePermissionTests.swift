import Database
import Foundation
import SQLiteDatabase
import TestSupport
import Testing

@Suite struct FilePermissionTests {
    private func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func `Only the owner can read a new database and its companion files, even in a world-readable directory`() async throws {
        umask(0o022)
        try await withTemporaryDirectory { directory in
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
            let database = try SQLiteDatabase(path: directory + "/new.db")
            try await database.write { connection in try connection.execute("CREATE TABLE t (n INTEGER)") }
            _ = try await database.read { try $0.exists("SELECT 1 FROM t") }
            for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
                #expect(try mode(directory + "/" + name) == 0o600, "\(name)")
            }
            #expect(FileManager.default.fileExists(atPath: directory + "/new.db-wal"))
            #expect(FileManager.default.fileExists(atPath: directory + "/new.db-shm"))
            await database.close()
        }
    }

    @Test func `An existing database keeps its permissions`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/old.db"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            let database = try SQLiteDatabase(path: path)
            try await database.write { connection in try connection.execute("CREATE TABLE t (n INTEGER)") }
            #expect(try mode(path) == 0o640)
            await database.close()
        }
    }

    @Test func `A file that can't be created is reported`() async throws {
        #expect(throws: DatabaseError.self) { _ = try SQLiteDatabase(path: "/nowhere/at/all.db") }
    }
}

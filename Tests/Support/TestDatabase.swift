internal import CLibPQ
internal import CSQLite
package import Database
internal import Foundation
internal import PostgreSQLDatabase
internal import SQLiteDatabase

/// The database engines that store tests run on.
package enum TestEngine: String, Sendable, CaseIterable {
    case sqlite
    case postgresql

    /// Includes PostgreSQL when the environment specifies a server on which databases may be created:
    /// `UNLADEN_TEST_POSTGRESQL_URI=postgresql://user@host:port/postgres`.
    package static var available: [TestEngine] { postgreSQLServer == nil ? [.sqlite] : [.sqlite, .postgresql] }

    fileprivate static var postgreSQLServer: URLComponents? {
        ProcessInfo.processInfo.environment["UNLADEN_TEST_POSTGRESQL_URI"].flatMap { URLComponents(string: $0) }
    }
}

/// The failure to set up a test database.
package struct TestDatabaseError: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }
}

/// Runs `body` with a new, empty database, which is removed afterwards.
package func withDatabase<Result>(
    _ engine: TestEngine, _ body: (any Database) async throws -> Result
) async throws -> Result {
    try await withDatabaseURI(engine) { uri in
        let database: any Database =
            switch engine {
            case .sqlite: try SQLiteDatabase(path: sqlitePath(uri))
            case .postgresql: PostgreSQLDatabase(uri: uri, connections: 8)
            }
        do {
            let result = try await body(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }
}

/// Runs `body` with the URI of a new, empty database (for SQLite, of a file that doesn't exist yet), which is removed afterwards.
package func withDatabaseURI<Result>(
    _ engine: TestEngine, _ body: (_ uri: String) async throws -> Result
) async throws -> Result {
    let name = "unladen_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
    switch engine {
    case .sqlite:
        let directory = NSTemporaryDirectory() + "/" + name
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        return try await body("sqlite:///\(directory)/test.db")
    case .postgresql:
        guard var server = TestEngine.postgreSQLServer, let uri = server.string else {
            throw TestDatabaseError(description: "UNLADEN_TEST_POSTGRESQL_URI isn't set")
        }
        try execute("CREATE DATABASE \(name)", uri)
        defer { try? execute("DROP DATABASE \(name) WITH (FORCE)", uri) }
        server.path = "/" + name
        return try await body(server.string ?? uri)
    }
}

/// Runs statements, separated by semicolons, like another program: with SQLite's default settings.
package func runScript(_ script: String, on uri: String) throws {
    guard uri.hasPrefix("sqlite:") else { return try execute(script, uri) }
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open(sqlitePath(uri), &handle) == SQLITE_OK, sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else {
        throw TestDatabaseError(description: String(cString: sqlite3_errmsg(handle)))
    }
}

/// The path of the file in `sqlite:///FILE`.
package func sqlitePath(_ uri: String) -> String { String(uri.dropFirst("sqlite:///".count)) }

/// Runs statements outside a transaction.
private func execute(_ statements: String, _ uri: String) throws {
    let connection = PQconnectdb(uri)
    defer { PQfinish(connection) }
    let result = PQexec(connection, statements)
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_COMMAND_OK else {
        throw TestDatabaseError(description: String(cString: PQerrorMessage(connection)))
    }
}

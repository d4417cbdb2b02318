package import Database

/// SQLite in WAL mode: many readers and one writer, which combines waiting writes into one commit (group commit).
///
/// Uses `synchronous=FULL`, so a commit is on disk when it returns. For a single node; several replicas need PostgreSQL.
package final class SQLiteDatabase: Database {
    private let path: String
    private let opened: SQLiteFile

    /// Opens or creates the database file at `path`; its directory must exist.
    ///
    /// - Parameter scanners: the maximum number of concurrent scans.
    /// - Throws: `DatabaseError` of kind `unavailable` when the file can't be opened or created.
    package convenience init(path: String, scanners: Int = 2) throws {
        try self.init(path: path, isReadOnly: false, scanners: scanners)
    }

    /// Opens another program's file read-only; nothing in it changes, and writes fail.
    package convenience init(readOnlyFile path: String) throws {
        try self.init(path: path, isReadOnly: true, scanners: 1)
    }

    private init(path: String, isReadOnly: Bool, scanners: Int) throws {
        self.path = path
        opened = try SQLiteFile(path: path, isReadOnly: isReadOnly, scanners: scanners)
    }

    package var dialect: Dialect { .sqlite }

    package func read<Result: Sendable>(
        _ kind: ReadKind, _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        let file = try current()
        if kind == .point || kind == .statement {
            do {
                if let connection = try file.readers.acquire() {
                    defer { file.readers.release(connection) }
                    return try kind == .statement ? body(connection) : connection.withReadTransaction(body)
                }
            } catch is SQLiteLockedError {
                // The caller's thread may be an event loop, so a database thread waits for the lock and reads again.
            }
        }
        let threads = kind == .probe ? file.probes : file.scanners
        return try await withCheckedThrowingContinuation { continuation in
            threads.submit { connection in
                continuation.resume(with: Swift.Result { try connection.get().connection().withReadTransaction(body) })
            }
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result,
        completion: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
    ) {
        do {
            try current().writer.submit(body, completion: completion)
        } catch {
            completion(.failure(error))
        }
    }

    package var statistics: DatabaseStatistics {
        let (readers, scanners, writer) = (opened.readers.counts, opened.scanners.counts, opened.writer.counts)
        return DatabaseStatistics(
            connections: readers.connections + scanners.threads + 1, idleConnections: readers.idle + scanners.idle,
            waiting: scanners.waiting + writer.waiting, commits: writer.commits, writes: writer.writes)
    }

    package func close() async { await opened.close() }

    /// The open file, after checking that it is still the one at `path`: SQLite would keep writing to a deleted file, and the data would
    /// be lost.
    ///
    /// A missing file may come back. A different file is not accepted while the program runs: the former file's WAL is next to it, and
    /// callers have cached the former file's contents.
    private func current() throws -> SQLiteFile {
        let identity = FileIdentity(path: path)
        if identity == opened.identity { return opened }
        throw DatabaseError(
            .unavailable,
            identity == nil
                ? "the database file \(path) is missing"
                : "the database file \(path) was replaced by another one; restart the service, and stop it before replacing the file")
    }
}

/// An open file with its connections.
struct SQLiteFile: Sendable {
    let identity: FileIdentity
    let writer: SQLiteWriter
    let readers: SQLiteReaderPool
    let scanners: ConnectionPool<LazySQLiteConnection>
    let probes: ConnectionPool<LazySQLiteConnection>

    init(path: String, isReadOnly: Bool, scanners: Int) throws {
        let access: SQLiteConnection.Access = isReadOnly ? .readOnly : .read
        // The writer comes first: it creates the file and sets the journal mode.
        writer = SQLiteWriter(connection: try SQLiteConnection(path: path, access: isReadOnly ? .readOnly : .write))
        guard let identity = FileIdentity(path: path) else {
            throw DatabaseError(.unavailable, "the database file \(path) is missing")
        }
        self.identity = identity
        readers = SQLiteReaderPool(path: path, access: access, limit: 4)
        self.scanners = ConnectionPool(
            limit: scanners, open: { LazySQLiteConnection(path: path, access: access) }, close: { _ in })
        probes = ConnectionPool(limit: 1, open: { LazySQLiteConnection(path: path, access: access) }, close: { _ in })
    }

    func close() async {
        await writer.close()
        await scanners.stop()
        await probes.stop()
    }
}

/// The connection of a scan or probe thread. The first read opens it; if that fails, the next read tries again.
final class LazySQLiteConnection {
    private let path: String
    private let access: SQLiteConnection.Access
    private var opened: SQLiteConnection?

    init(path: String, access: SQLiteConnection.Access) {
        self.path = path
        self.access = access
    }

    func connection() throws -> SQLiteConnection {
        if let opened { return opened }
        let connection = try SQLiteConnection(path: path, access: access)
        opened = connection
        return connection
    }
}

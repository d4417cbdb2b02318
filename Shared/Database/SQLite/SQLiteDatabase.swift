package import Database

/// SQLite in WAL mode: many readers beside one writer, which shares its commits among the writes that wait (group commit).
///
/// `synchronous=FULL`, so a commit is on disk when it returns. For one node; several replicas need PostgreSQL.
package final class SQLiteDatabase: Database {
    private let path: String
    private let opened: SQLiteFile

    /// Opens or creates the database file at `path`; its folder must exist.
    ///
    /// - Parameter scanners: how many long reads may run at once.
    /// - Throws: `DatabaseError` of kind `unavailable` when the file can't be opened or created.
    package convenience init(path: String, scanners: Int = 2) throws {
        try self.init(path: path, isReadOnly: false, scanners: scanners)
    }

    /// Opens another program's file for reading only; nothing in it changes, and writes fail.
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
        let isSmall = kind == .point || kind == .statement
        if isSmall, let connection = try file.readers.acquire() {
            defer { file.readers.release(connection) }
            return try kind == .statement ? body(connection) : connection.withReadTransaction(body)
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

    /// The open file, checked to be the one at `path` still: SQLite would go on writing to a deleted file, and lose it.
    ///
    /// A file that was missing may come back. Another file in its place is not taken while the program runs: beside it lies the
    /// log of the former one, and callers know things of that.
    private func current() throws -> SQLiteFile {
        let identity = FileIdentity(path: path)
        if identity == opened.identity { return opened }
        throw DatabaseError(
            .unavailable,
            identity == nil
                ? "the database file \(path) is missing"
                : "the database file \(path) was replaced by another one; stop the service before that, and start it again")
    }
}

/// One open file with the connections to it.
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

/// The connection of a thread that does long reads. Opened by the first read; when that fails, again by the next.
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

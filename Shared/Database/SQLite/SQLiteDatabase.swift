package import Database
internal import Synchronization

/// SQLite in WAL mode: many readers beside one writer, which shares its commits among the writes that wait (group commit).
///
/// `synchronous=FULL`, so a commit is on disk when it returns. For one node; several replicas need PostgreSQL.
package final class SQLiteDatabase: Database {
    private let path: String
    private let isForeign: Bool
    private let scanners: Int
    /// Opened anew when the file is replaced or comes back after it was missing.
    private let opened: Mutex<SQLiteFile>

    /// Opens or creates the database file at `path`; its folder must exist.
    ///
    /// - Parameter scanners: how many long reads may run at once.
    /// - Throws: `DatabaseError` of kind `unavailable` when the file can't be opened or created.
    package convenience init(path: String, scanners: Int = 2) throws {
        try self.init(path: path, isForeign: false, scanners: scanners)
    }

    /// Opens another program's file for reading only; nothing in it changes, and writes fail.
    package convenience init(foreignFile path: String) throws {
        try self.init(path: path, isForeign: true, scanners: 1)
    }

    private init(path: String, isForeign: Bool, scanners: Int) throws {
        self.path = path
        self.isForeign = isForeign
        self.scanners = scanners
        opened = Mutex(try SQLiteFile(path: path, isForeign: isForeign, scanners: scanners))
    }

    package func read<Result: Sendable>(
        _ extent: ReadExtent, _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        let file = try current()
        if extent == .point, let connection = try file.readers.take() {
            defer { file.readers.giveBack(connection) }
            return try connection.reading(body)
        }
        return try await withCheckedThrowingContinuation { continuation in
            file.scanners.submit { connection in
                continuation.resume(with: Swift.Result { try connection.get().get().reading(body) })
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
        let file = opened.withLock { $0 }
        let (readers, scanners, writer) = (file.readers.counts, file.scanners.counts, file.writer.counts)
        return DatabaseStatistics(
            connections: readers.connections + scanners.threads + 1, idleConnections: readers.idle + scanners.idle,
            waiting: scanners.waiting + writer.waiting, commits: writer.commits, writes: writer.writes)
    }

    package func close() async { await opened.withLock { $0 }.close() }

    /// The open file, checked to be the one at `path` still: SQLite would go on writing to a deleted file, and lose it.
    private func current() throws -> SQLiteFile {
        try opened.withLock { file in
            let identity = FileIdentity(path: path)
            if identity == file.identity { return file }
            guard identity != nil else { throw DatabaseError(.unavailable, "the database file \(path) is missing") }
            file = try SQLiteFile(path: path, isForeign: isForeign, scanners: scanners)
            return file
        }
    }
}

/// One open file with the connections to it.
struct SQLiteFile: Sendable {
    let identity: FileIdentity
    let writer: SQLiteWriter
    let readers: SQLiteReaders
    let scanners: SessionWorkers<Result<SQLiteConnection, any Error>>

    init(path: String, isForeign: Bool, scanners: Int) throws {
        let access: SQLiteConnection.Access = isForeign ? .readForeign : .read
        // The writer comes first: it creates the file and sets the journal mode.
        writer = SQLiteWriter(connection: try SQLiteConnection(path: path, access: isForeign ? .readForeign : .write))
        guard let identity = FileIdentity(path: path) else {
            throw DatabaseError(.unavailable, "the database file \(path) is missing")
        }
        self.identity = identity
        readers = SQLiteReaders(path: path, access: access, limit: 4)
        self.scanners = SessionWorkers(
            limit: scanners, open: { Result { try SQLiteConnection(path: path, access: access) } }, shut: { _ in })
    }

    func close() async {
        await writer.close()
        await scanners.stop()
    }
}

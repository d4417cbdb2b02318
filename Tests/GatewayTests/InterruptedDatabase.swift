import Database
import Synchronization

/// A database that a test can make unavailable.
final class InterruptedDatabase: Database {
    private let database: any Database
    private let unavailable = Atomic(false)
    private let closed = Atomic(false)

    init(_ database: any Database) {
        self.database = database
    }

    var isUnavailable: Bool {
        get { unavailable.load(ordering: .sequentiallyConsistent) }
        set { unavailable.store(newValue, ordering: .sequentiallyConsistent) }
    }

    var isClosed: Bool { closed.load(ordering: .sequentiallyConsistent) }

    private static let failure = DatabaseError(.unavailable, "made unavailable by the test")

    var dialect: Dialect { database.dialect }
    var statistics: DatabaseStatistics { database.statistics }

    func read<Result: Sendable>(
        _ kind: ReadKind, _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        guard !isUnavailable else { throw Self.failure }
        return try await database.read(kind, body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result,
        completion: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
    ) {
        guard !isUnavailable else { return completion(.failure(Self.failure)) }
        database.write(body, completion: completion)
    }

    func close() async {
        closed.store(true, ordering: .sequentiallyConsistent)
        await database.close()
    }
}

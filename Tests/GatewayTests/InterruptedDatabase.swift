import Database
import Synchronization

/// A database that can be reached or not, as a test wants it.
final class InterruptedDatabase: Database {
    private let database: any Database
    private let away = Atomic(false)

    init(_ database: any Database) {
        self.database = database
    }

    var isAway: Bool {
        get { away.load(ordering: .sequentiallyConsistent) }
        set { away.store(newValue, ordering: .sequentiallyConsistent) }
    }

    private static let failure = DatabaseError(.unavailable, "the test has taken it away")

    var dialect: Dialect { database.dialect }
    var statistics: DatabaseStatistics { database.statistics }

    func read<Result: Sendable>(
        _ extent: ReadExtent, _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        guard !isAway else { throw Self.failure }
        return try await database.read(extent, body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result,
        completion: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
    ) {
        guard !isAway else { return completion(.failure(Self.failure)) }
        database.write(body, completion: completion)
    }

    func close() async { await database.close() }
}

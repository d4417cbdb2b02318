package import Database
internal import Synchronization

/// PostgreSQL through libpq: a bounded pool of connections, each on a thread of its own, because libpq's calls block.
///
/// A connection that is lost is opened again by the next call that needs one; until that succeeds, calls fail with
/// `unavailable`.
package final class PostgreSQLDatabase: Database {
    private let workers: SessionWorkers<PostgreSQLSession>
    private let commits = Atomic(0)

    /// - Parameters:
    ///   - uri: a libpq connection URI, `postgresql://user:password@host:port/name?…`.
    ///   - connections: how many connections may be open at once.
    ///   - statementTimeout: how long a statement may take; `nil` for as long as it needs.
    package init(uri: String, connections: Int = 8, statementTimeout: Duration? = .seconds(60)) {
        workers = SessionWorkers(
            limit: connections, open: { PostgreSQLSession(uri: uri, statementTimeout: statementTimeout) },
            shut: { $0.close() })
    }

    package var dialect: Dialect { .postgresql }

    package func read<Result: Sendable>(
        _ extent: ReadExtent, _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            workers.submit { session in
                continuation.resume(
                    with: Swift.Result { try session.get().transaction(extent == .statement ? .statement : .read, body) })
            }
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result,
        completion: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
    ) {
        workers.submit { [self] session in
            let result = Swift.Result { try session.get().transaction(.write, body) }
            if case .success = result { commits.add(1, ordering: .relaxed) }
            completion(result)
        }
    }

    package var statistics: DatabaseStatistics {
        let counts = workers.counts
        let commits = commits.load(ordering: .relaxed)
        return DatabaseStatistics(
            connections: counts.threads, idleConnections: counts.idle, waiting: counts.waiting, commits: commits, writes: commits)
    }

    package func close() async { await workers.stop() }
}

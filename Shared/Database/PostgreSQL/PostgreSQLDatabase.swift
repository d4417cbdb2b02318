package import Database
internal import Synchronization

/// PostgreSQL through libpq: bounded pools of connections, each on its own thread, because libpq's calls block.
///
/// Half of the connections serve scans, so that slow searches can't block writes and small reads; one more serves probes.
///
/// The next call that needs a lost connection reopens it. Until that succeeds, calls fail with `unavailable`.
package final class PostgreSQLDatabase: Database {
    private let workers: ConnectionPool<PostgreSQLSession>
    private let scanners: ConnectionPool<PostgreSQLSession>
    private let probes: ConnectionPool<PostgreSQLSession>
    private let commits = Atomic(0)

    /// - Parameters:
    ///   - uri: a libpq connection URI, `postgresql://user:password@host:port/name?…`.
    ///   - connections: the maximum number of open connections, not counting the one for probes. At least two.
    ///   - statementTimeout: the maximum duration of a statement; `nil` means no limit.
    package init(uri: String, connections: Int = 8, statementTimeout: Duration? = .seconds(60)) {
        func pool(_ limit: Int) -> ConnectionPool<PostgreSQLSession> {
            ConnectionPool(
                limit: limit, open: { PostgreSQLSession(uri: uri, statementTimeout: statementTimeout) }, close: { $0.close() })
        }
        workers = pool(connections - connections / 2)
        scanners = pool(connections / 2)
        probes = pool(1)
    }

    package var dialect: Dialect { .postgresql }

    package func read<Result: Sendable>(
        _ kind: ReadKind, _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        let pool =
            switch kind {
            case .statement, .point: workers
            case .scan: scanners
            case .probe: probes
            }
        return try await withCheckedThrowingContinuation { continuation in
            pool.submit { session in
                continuation.resume(
                    with: Swift.Result { try session.get().transaction(kind == .statement ? .statement : .read, body) })
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
        let pools = [workers.counts, scanners.counts, probes.counts]
        let commits = commits.load(ordering: .relaxed)
        return DatabaseStatistics(
            connections: pools.map(\.threads).reduce(0, +), idleConnections: pools.map(\.idle).reduce(0, +),
            waiting: pools.map(\.waiting).reduce(0, +), commits: commits, writes: commits)
    }

    package func close() async {
        await workers.stop()
        await scanners.stop()
        await probes.stop()
    }
}

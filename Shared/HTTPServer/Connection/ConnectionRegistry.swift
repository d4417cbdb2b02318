package import Logging
internal import NIOCore
internal import Synchronization

/// All open connections of a service: enforces their limit, and closes the remaining ones at the end of a shutdown.
///
/// When seven eighths of the limit are in use, the connections that have been idle for longest are closed, starting with those that never
/// sent a request. So idle sockets can't lock out other clients. When too many are busy, a new connection is rejected with 503.
package final class ConnectionRegistry: Sendable {
    /// The minimum interval between log lines about too many connections.
    private static let logPause = TimeAmount.seconds(10)

    private struct State {
        var connections: [ObjectIdentifier: ClientConnection] = [:]
        /// Connections added since idle ones were last evicted.
        var added = 0
        var nextLog = NIODeadline.uptimeNanoseconds(0)
        /// Counts since the last log line.
        var evicted = 0
        var refused = 0
    }

    /// The maximum number of connections.
    let limit: Int
    let metrics: ConnectionMetrics
    let logger: Logger
    private let state = Mutex(State())

    /// - Parameter limit: the maximum number of connections.
    package init(limit: Int, metrics: ConnectionMetrics, logger: Logger) {
        self.limit = limit
        self.metrics = metrics
        self.logger = logger
    }

    /// Adds a new connection.
    ///
    /// - Returns: whether it may be served; otherwise it must be rejected.
    func add(_ connection: ClientConnection) -> Bool {
        let (count, mustEvict) = state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = connection
            let count = state.connections.count
            state.added += 1
            // Finding idle connections scans all of them, so it runs once for several new ones and makes room for twice as many.
            let mustEvict = count > limit - limit / 8 && state.added > evictionSize / 2
            if mustEvict { state.added = 0 }
            return (count, mustEvict)
        }
        metrics.opened()
        if mustEvict { evictIdle() }
        guard count > limit else { return true }
        state.withLock { $0.refused += 1 }
        logPressure()
        return false
    }

    func remove(_ connection: ClientConnection) {
        let isKnown = state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(connection)) != nil }
        if isKnown { metrics.closed() }
    }

    /// How many idle connections are evicted together.
    private var evictionSize: Int { max(1, limit / 16) }

    /// Closes some of the idle connections to make room.
    func evictIdle() {
        let connections = state.withLock { Array($0.connections.values) }
        let idle = connections.compactMap { connection in connection.idleness.map { (connection, $0) } }
        let chosen = idle.sorted { $0.1 < $1.1 }.prefix(evictionSize)
        for (connection, _) in chosen { connection.closeIfIdle() }
        guard !chosen.isEmpty else { return }
        state.withLock { $0.evicted += chosen.count }
        logPressure()
    }

    private func logPressure() {
        let now = NIODeadline.now()
        let figures = state.withLock { state -> (open: Int, evicted: Int, refused: Int)? in
            guard now >= state.nextLog else { return nil }
            state.nextLog = now + Self.logPause
            defer { (state.evicted, state.refused) = (0, 0) }
            return (state.connections.count, state.evicted, state.refused)
        }
        guard let figures else { return }
        logger.warning(
            "too many connections",
            metadata: [
                "open": "\(figures.open)", "limit": "\(limit)", "closed_idle": "\(figures.evicted)", "refused": "\(figures.refused)",
            ])
    }

    /// Closes all connections, including busy ones, and logs the requests that this aborts.
    func forceClose() {
        let connections = state.withLock { Array($0.connections.values) }
        guard !connections.isEmpty else { return }
        logger.warning("drain timeout expired; closing the remaining connections", metadata: ["open": "\(connections.count)"])
        for connection in connections { connection.forceClose(logger) }
    }
}

/// How long a connection has been idle. The smallest value is evicted first.
struct ConnectionIdleness: Comparable {
    /// Whether it has ever had a request.
    var hasServed: Bool
    /// When it became idle, in nanoseconds of the monotonic clock.
    var since: Int64

    static func < (left: Self, right: Self) -> Bool {
        (left.hasServed ? 1 : 0, left.since) < (right.hasServed ? 1 : 0, right.since)
    }
}

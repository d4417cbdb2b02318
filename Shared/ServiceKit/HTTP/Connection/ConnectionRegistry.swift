internal import Logging
internal import NIOCore
internal import Synchronization

/// All open connections of a service: counts them, makes room when they become too many, and cuts off what remains at the end of a
/// shutdown.
///
/// When seven eighths of the limit are in use, the connections that have been idle for longest are closed, those that never sent a
/// request first. So sockets that only sit there can't keep others out. Where too many are busy, a new one is refused with 503.
final class ConnectionRegistry: Sendable {
    /// How often it is logged that there are too many.
    private static let logPause = TimeAmount.seconds(10)

    private struct State {
        var connections: [ObjectIdentifier: ClientConnection] = [:]
        /// Since idle ones were closed to make room.
        var added = 0
        var nextLog = NIODeadline.uptimeNanoseconds(0)
        /// Since the last log line.
        var evicted = 0
        var refused = 0
    }

    /// Connections at most.
    let limit: Int
    let metrics: ConnectionMetrics
    private let logger: Logger
    private let state = Mutex(State())

    init(limit: Int, metrics: ConnectionMetrics, logger: Logger) {
        self.limit = limit
        self.metrics = metrics
        self.logger = logger
    }

    /// Enters a new connection.
    ///
    /// - Returns: whether it may be served; otherwise it is to be refused.
    func add(_ connection: ClientConnection) -> Bool {
        let (count, mustEvict) = state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = connection
            let count = state.connections.count
            state.added += 1
            // To look for the idle ones takes a look at all, so it's done once for several new ones, and makes room for twice as many.
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

    /// How many idle connections are closed at once to make room.
    private var evictionSize: Int { max(1, limit / 16) }

    /// Closes some of the connections that are idle, to make room.
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

    /// Closes every connection, whatever it is doing, and logs the requests that this cuts off.
    func forceClose() {
        let connections = state.withLock { Array($0.connections.values) }
        guard !connections.isEmpty else { return }
        logger.warning("the time to drain is over; closing the connections that are left", metadata: ["open": "\(connections.count)"])
        for connection in connections { connection.forceClose(logger) }
    }
}

/// How long a connection has been without a request, as an order: the smallest is to be closed first.
struct ConnectionIdleness: Comparable {
    /// Whether it has ever had a request.
    var hasServed: Bool
    /// Nanoseconds of the monotonic clock.
    var since: Int64

    static func < (left: Self, right: Self) -> Bool {
        (left.hasServed ? 1 : 0, left.since) < (right.hasServed ? 1 : 0, right.since)
    }
}

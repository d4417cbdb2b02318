internal import Synchronization

/// Counts open connections, and those closed by the service by reason.
package final class ConnectionMetrics: Sendable {
    /// Why the service closed a connection.
    package enum Reason: String, Sendable, CaseIterable {
        case keepAliveTimeout = "keep_alive_timeout"
        case headerTimeout = "header_timeout"
        case bodyTimeout = "body_timeout"
        case writeTimeout = "write_timeout"
        case evicted
        case refused
        case drained
    }

    /// The counts at one time.
    package struct Counts: Sendable {
        /// Open connections.
        package fileprivate(set) var open = 0
        /// Connections that the service closed. A missing reason counts as 0.
        package fileprivate(set) var closed: [Reason: Int] = [:]
    }

    private let state = Mutex(Counts())

    package init() {}

    package var counts: Counts { state.withLock { $0 } }

    func opened() { state.withLock { $0.open += 1 } }
    func closed() { state.withLock { $0.open -= 1 } }
    func closed(for reason: Reason) { state.withLock { $0.closed[reason, default: 0] += 1 } }
}

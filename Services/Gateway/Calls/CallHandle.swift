internal import Synchronization

/// Lets whoever sees the client go end the call to the provider.
final class CallHandle: Sendable {
    private struct State {
        var isGone = false
        var connection: UpstreamConnection?
    }

    private let state = Mutex(State())

    /// Whether the client has gone away.
    var isGone: Bool { state.withLock { $0.isGone } }

    /// The connection that works for the client now.
    ///
    /// - Throws: `cancelled` when the client has gone already.
    func attach(_ connection: UpstreamConnection?) throws(UpstreamFailure) {
        let isGone = state.withLock { state in
            state.connection = state.isGone ? nil : connection
            return state.isGone
        }
        if isGone, connection != nil { throw .cancelled }
    }

    /// The client has gone away.
    func clientLeft() {
        let connection = state.withLock { state in
            state.isGone = true
            defer { state.connection = nil }
            return state.connection
        }
        connection?.cancel()
    }
}

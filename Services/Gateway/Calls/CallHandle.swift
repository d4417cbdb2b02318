internal import Synchronization

/// Lets whoever sees the client go end the call to the provider.
final class CallHandle: Sendable {
    private struct State {
        var isGone = false
        var exchange: UpstreamExchange?
    }

    private let state = Mutex(State())

    /// Whether the client has gone away.
    var isGone: Bool { state.withLock { $0.isGone } }

    /// The exchange that works for the client now.
    ///
    /// - Throws: `cancelled` when the client has gone already.
    func attach(_ exchange: UpstreamExchange) throws(UpstreamFailure) {
        let isGone = state.withLock { state in
            state.exchange = state.isGone ? nil : exchange
            return state.isGone
        }
        if isGone {
            // Nobody will use it: it goes back.
            exchange.cancel()
            throw .cancelled
        }
    }

    /// The client has gone away.
    func clientLeft() {
        let exchange = state.withLock { state in
            state.isGone = true
            defer { state.exchange = nil }
            return state.exchange
        }
        exchange?.cancel()
    }
}

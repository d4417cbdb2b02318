internal import Synchronization

/// Lets whoever sees the client go end the call to the provider.
final class CancellationHandle: Sendable {
    private struct State {
        var isCancelled = false
        var exchange: UpstreamExchange?
    }

    private let state = Mutex(State())

    /// Whether the client has gone away.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// The exchange that works for the client now.
    ///
    /// - Throws: `cancelled` when the client has gone already.
    func attach(_ exchange: UpstreamExchange) throws(UpstreamFailure) {
        let isCancelled = state.withLock { state in
            state.exchange = state.isCancelled ? nil : exchange
            return state.isCancelled
        }
        if isCancelled {
            // Nobody will use it: it goes back.
            exchange.cancel()
            throw .cancelled
        }
    }

    /// The client has gone away.
    func cancel() {
        let exchange = state.withLock { state in
            state.isCancelled = true
            defer { state.exchange = nil }
            return state.exchange
        }
        exchange?.cancel()
    }
}

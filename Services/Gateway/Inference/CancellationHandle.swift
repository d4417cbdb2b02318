internal import Synchronization

/// Cancels the call to the provider when the client disconnects.
final class CancellationHandle: Sendable {
    private struct State {
        var isCancelled = false
        var exchange: UpstreamExchange?
    }

    private let state = Mutex(State())

    /// Whether the client has disconnected.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Sets the exchange that `cancel()` ends, in place of the previous one.
    ///
    /// - Throws: `cancelled` if the client has already disconnected.
    func attach(_ exchange: UpstreamExchange) throws(UpstreamFailure) {
        let isCancelled = state.withLock { state in
            state.exchange = state.isCancelled ? nil : exchange
            return state.isCancelled
        }
        if isCancelled {
            // The exchange is unused, so this returns its connection to the pool.
            exchange.cancel()
            throw .cancelled
        }
    }

    /// Records that the client has disconnected and ends the current exchange.
    func cancel() {
        let exchange = state.withLock { state in
            state.isCancelled = true
            defer { state.exchange = nil }
            return state.exchange
        }
        exchange?.cancel()
    }
}

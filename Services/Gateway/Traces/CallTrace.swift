internal import JSON
internal import ModelPrices
internal import PluginHost
internal import ServiceKit
internal import Synchronization

/// What is seen of one request that becomes a trace, while it is under way.
final class CallTrace: Sendable {
    /// Bytes of an answer that are kept; what is longer is cut anyway.
    private static let answerLimit = 1 << 20

    /// A try at an endpoint.
    struct Try: Sendable {
        /// The names of the endpoint, its provider and its model.
        var endpoint: String
        var provider: String
        var model: String
        var begin: ContinuousClock.Instant
        var end: ContinuousClock.Instant?
        /// Why it failed.
        var error: String?
    }

    private struct State {
        var tries: [Try] = []
        var parts: [[UInt8]] = []
        var bytes = 0
        var error: String?
    }

    let settings: TraceSettings
    private let id: String
    private let call: GatewayCall
    private let queue: TraceQueue
    private let state = Mutex(State())

    /// - Parameter id: the trace's: 32 hexadecimal digits.
    init(_ call: GatewayCall, _ settings: TraceSettings, id: String, queue: TraceQueue) {
        self.call = call
        self.settings = settings
        self.id = id
        self.queue = queue
    }

    /// An endpoint is asked.
    func attempt(_ target: Target) {
        let begin = ContinuousClock.now
        state.withLock { state in
            state.tries.append(Try(endpoint: target.name, provider: target.provider, model: target.model, begin: begin))
            (state.parts, state.bytes) = ([], 0)
        }
    }

    /// The try has failed.
    func attemptFailed(_ error: GatewayError) {
        let end = ContinuousClock.now
        state.withLock { state in
            guard let last = state.tries.indices.last, state.tries[last].end == nil else { return }
            state.tries[last].end = end
            state.tries[last].error = error.message
        }
    }

    /// What the client gets instead of an answer, or at its end.
    func failed(_ error: GatewayError) { state.withLock { $0.error = error.message } }

    /// A whole answer, or an event of a stream.
    func received(_ bytes: [UInt8]) {
        guard settings.hasContent else { return }
        state.withLock { state in
            guard state.bytes + bytes.count <= Self.answerLimit else { return }
            state.bytes += bytes.count
            state.parts.append(bytes)
        }
    }

    /// The request is over.
    ///
    /// - Parameter cost: what it cost; `nil` when that is unknown.
    func close(_ record: UsageRecord, cost: ModelCost?) {
        let end = ContinuousClock.now
        let finished = state.withLock { state in
            defer { state = State() }
            return FinishedCall(
                call, settings, traceID: id, record: record, cost: cost, end: end, tries: state.tries, answer: state.parts, error: state.error)
        }
        queue.add(finished)
    }
}

internal import JSON
internal import ModelPrices
internal import PluginHost
internal import ServiceKit
internal import Synchronization

/// What is seen of one request that becomes a trace, while it is under way.
final class RequestTrace: Sendable {
    /// Bytes of a response that are kept; what is longer is cut anyway.
    private static let responseLimit = 1 << 20

    /// An attempt at an endpoint.
    struct AttemptRecord: Sendable {
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
        var attempts: [AttemptRecord] = []
        var parts: [[UInt8]] = []
        var bytes = 0
        var error: String?
    }

    let settings: TraceSettings
    private let id: String
    private let request: InferenceRequest
    private let queue: TraceQueue
    private let state = Mutex(State())

    /// - Parameter id: the trace's: 32 hexadecimal digits.
    init(_ request: InferenceRequest, _ settings: TraceSettings, id: String, queue: TraceQueue) {
        self.request = request
        self.settings = settings
        self.id = id
        self.queue = queue
    }

    /// An endpoint is asked.
    func attempt(_ target: Target) {
        let begin = ContinuousClock.now
        state.withLock { state in
            state.attempts.append(
                AttemptRecord(endpoint: target.name, provider: target.provider, model: target.model, begin: begin))
            (state.parts, state.bytes) = ([], 0)
        }
    }

    /// The attempt has failed.
    func attemptFailed(_ error: GatewayError) {
        let end = ContinuousClock.now
        state.withLock { state in
            guard let last = state.attempts.indices.last, state.attempts[last].end == nil else { return }
            state.attempts[last].end = end
            state.attempts[last].error = error.message
        }
    }

    /// What the client gets instead of a response, or at its end.
    func failed(_ error: GatewayError) { state.withLock { $0.error = error.message } }

    /// A whole response, or an event of a stream.
    func received(_ bytes: [UInt8]) {
        guard settings.capturesContent else { return }
        state.withLock { state in
            guard state.bytes + bytes.count <= Self.responseLimit else { return }
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
            return CompletedRequest(
                request, settings, traceID: id, record: record, cost: cost, end: end, attempts: state.attempts,
                response: state.parts, error: state.error)
        }
        queue.add(finished)
    }
}

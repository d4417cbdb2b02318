internal import AdapterHost
internal import ModelPrices
internal import ServiceKit
internal import Synchronization
internal import WireProtocol

/// The trace of a request in flight.
final class RequestTrace: Sendable {
    /// Bytes of a response that are kept.
    private static let responseLimit = 1 << 20

    /// An attempt at an endpoint.
    struct AttemptRecord: Sendable {
        /// The names of the endpoint, its provider and its model.
        var endpoint: String
        var provider: String
        var model: String
        var begin: ContinuousClock.Instant
        var end: ContinuousClock.Instant?
        /// Why the attempt failed.
        var error: String?
    }

    private struct State {
        var attempts: [AttemptRecord] = []
        var parts: [[UInt8]] = []
        var bytes = 0
        var error: String?
    }

    let settings: TraceSettings
    private let span: RequestSpan
    private let request: InferenceRequest
    private let queue: TraceQueue
    private let state = Mutex(State())

    init(_ request: InferenceRequest, _ settings: TraceSettings, _ span: RequestSpan, queue: TraceQueue) {
        self.request = request
        self.settings = settings
        self.span = span
        self.queue = queue
    }

    /// Records the start of an attempt, and discards the response of the one before.
    func attempt(_ target: Target) {
        let begin = ContinuousClock.now
        state.withLock { state in
            state.attempts.append(
                AttemptRecord(endpoint: target.name, provider: target.provider, model: target.model, begin: begin))
            (state.parts, state.bytes) = ([], 0)
        }
    }

    /// Records the failure of the current attempt.
    func attemptFailed(_ error: ServiceError) {
        let end = ContinuousClock.now
        state.withLock { state in
            guard let last = state.attempts.indices.last, state.attempts[last].end == nil else { return }
            state.attempts[last].end = end
            state.attempts[last].error = error.message
        }
    }

    /// Records the error that the client receives instead of a response or at the end of a stream.
    func failed(_ error: ServiceError) { state.withLock { $0.error = error.message } }

    /// Records a whole response, or an event of a stream.
    func received(_ bytes: [UInt8]) {
        guard settings.capturesContent else { return }
        state.withLock { state in
            guard state.bytes + bytes.count <= Self.responseLimit else { return }
            state.bytes += bytes.count
            state.parts.append(bytes)
        }
    }

    /// Ends the trace and queues it for export.
    ///
    /// - Parameter cost: what the request cost; `nil` if unknown.
    func close(_ record: UsageRecord, cost: ModelCost?) {
        let end = ContinuousClock.now
        let finished = state.withLock { state in
            defer { state = State() }
            return CompletedRequest(
                request, settings, span, record: record, cost: cost, end: end, attempts: state.attempts,
                response: state.parts, error: state.error)
        }
        queue.add(finished)
    }
}

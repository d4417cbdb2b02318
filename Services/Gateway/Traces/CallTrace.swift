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
        var target: Target
        var begin: ContinuousClock.Instant
        var end: ContinuousClock.Instant?
        /// Why it failed.
        var error: GatewayError?
    }

    private struct State {
        var tries: [Try] = []
        var parts: [[UInt8]] = []
        var bytes = 0
        var error: GatewayError?
    }

    let settings: TraceSettings
    private let call: GatewayCall
    private let queue: TraceQueue
    private let state = Mutex(State())

    init(_ call: GatewayCall, _ settings: TraceSettings, queue: TraceQueue) {
        self.call = call
        self.settings = settings
        self.queue = queue
    }

    /// An endpoint is asked.
    func attempt(_ target: Target) {
        let begin = ContinuousClock.now
        state.withLock { state in
            state.tries.append(Try(target: target, begin: begin))
            (state.parts, state.bytes) = ([], 0)
        }
    }

    /// The try has failed.
    func attemptFailed(_ error: GatewayError) {
        let end = ContinuousClock.now
        state.withLock { state in
            guard let last = state.tries.indices.last, state.tries[last].end == nil else { return }
            state.tries[last].end = end
            state.tries[last].error = error
        }
    }

    /// What the client gets instead of an answer, or at its end.
    func failed(_ error: GatewayError) { state.withLock { $0.error = error } }

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
                call: call, settings: settings, record: record, cost: cost, end: end, tries: state.tries, answer: state.parts, bytes: state.bytes,
                error: state.error)
        }
        queue.add(finished)
    }
}

/// A request that is over, and all that its trace will tell.
struct FinishedCall: Sendable {
    var call: GatewayCall
    var settings: TraceSettings
    var record: UsageRecord
    /// `nil`: unknown.
    var cost: ModelCost?
    var end: ContinuousClock.Instant
    var tries: [CallTrace.Try]
    /// The answer in one part, or the events of a stream.
    var answer: [[UInt8]]
    /// The bytes of the answer.
    var bytes: Int
    var error: GatewayError?

    /// About what it takes in memory.
    var size: Int { 2048 + (settings.hasContent ? call.body.count + bytes : 0) }
}

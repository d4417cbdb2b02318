internal import GatewayFormats
internal import ModelPrices
internal import PluginHost
internal import Synchronization

/// The account of one request while it is under way. It is closed once, whatever happens.
final class UsageMeter: Sendable {
    private struct State {
        var record: UsageRecord
        var target: Target?
        var usage: TokenUsage?
        var response = ResponseSize()
        /// What is reserved; more than once where a try failed that may cost.
        var reserved: [Debit]
        /// What earlier tries have taken of limits.
        var earlierAttempts: [Debit] = []
        var isClosed = false
    }

    /// What is known of the provider's work in the end.
    enum Outcome {
        /// It has answered, at least in part.
        case used
        /// It has done nothing that it would charge.
        case unused
        /// Nobody knows what it has done: limits count all that was reserved.
        case unknown
    }

    let reservation: Reservation
    /// `nil`: the request becomes no trace.
    let trace: RequestTrace?
    private let usageRecorder: UsageRecorder
    private let metrics: GatewayMetrics
    private let began: ContinuousClock.Instant
    private let state: Mutex<State>

    /// Enters the request in the usage log.
    ///
    /// - Parameter first: the endpoint that is asked first. Should the gateway be killed, nothing later is known of the request.
    init(
        _ request: InferenceRequest, _ reservation: Reservation, first: Target?, usageRecorder: UsageRecorder,
        metrics: GatewayMetrics, trace: RequestTrace? = nil
    ) throws {
        var record = UsageRecord(
            sequence: 0, at: request.time, team: request.caller.team, key: request.caller.keyName, route: request.route.name)
        record.debits = reservation.debits
        if request.streams { record.flags.insert(.streamed) }
        var entry = record
        entry.provider = first?.provider
        entry.model = first?.model
        try usageRecorder.begin(&entry)
        record.sequence = entry.sequence
        self.reservation = reservation
        self.trace = trace
        self.usageRecorder = usageRecorder
        self.metrics = metrics
        began = request.began
        state = Mutex(State(record: record, reserved: reservation.debits))
    }

    deinit {
        // Nothing drops a call without closing it; if it happens all the same, the reservation must not stay.
        close(status: 500, flags: .interrupted)
    }

    /// An endpoint is asked.
    func beginAttempt(_ target: Target) {
        state.withLock { state in
            state.record.attempts += 1
            state.record.provider = target.provider
            state.record.model = target.model
            state.target = target
            state.usage = nil
            state.response = ResponseSize()
        }
        trace?.attempt(target)
    }

    func used(_ usage: TokenUsage) { state.withLock { $0.usage = usage.filled(from: $0.usage) } }

    /// Whether the provider has told what the present try used, which it bills whatever becomes of its response.
    var isBilled: Bool { state.withLock { $0.usage?.promptTokens != nil || $0.usage?.completionTokens != nil } }

    /// A whole response that can't be read, and may have been long.
    func receivedUnreadable(_ size: Int) { state.withLock { $0.response.addUnreadable(size) } }

    /// A whole response, or an event of a stream.
    func received(_ bytes: [UInt8]) {
        state.withLock { state in
            if state.record.firstToken == nil, state.record.flags.contains(.streamed) {
                state.record.firstToken = began.duration(to: .now).microseconds
            }
            state.response.add(bytes.count)
        }
        trace?.received(bytes)
    }

    /// The request is over.
    ///
    /// - Parameter outcome: what is known of the provider's work.
    func close(status: Int, flags: UsageRecord.Flags = [], outcome: Outcome = .used) {
        let elapsed = began.duration(to: .now)
        let closed = state.withLock { state -> (record: UsageRecord, reserved: [Debit], cost: ModelCost?)? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            var record = state.record
            record.latency = elapsed.microseconds
            record.status = Int64(status)
            record.flags.formUnion(flags)
            let cost = settle(&record, state, outcome)
            if !state.earlierAttempts.isEmpty { record.debits = Debit.merged(record.debits + state.earlierAttempts) }
            return (record, state.reserved, cost)
        }
        guard let closed else { return }
        usageRecorder.end(closed.record, reserved: closed.reserved)
        metrics.record(closed.record)
        trace?.close(closed.record, cost: closed.cost)
    }

    /// Records a try that has failed and may cost, and reserves for another one.
    ///
    /// - Parameter status: how the try failed.
    /// - Throws: `LimitExceededError` when there is no room for both, `GatewayError` when the usage log can't be written; then nothing more
    ///   is reserved.
    func reserveForNextAttempt(now: Int64, status: Int) async throws {
        let demands = reservation.demands.filter { $0.rule.unit == .tokens || $0.rule.unit == .money }
        try await usageRecorder.rateLimiter.admit(demands, now: now)
        let debits = demands.map { Debit(counter: $0.key.counter, window: $0.key.window, amount: $0.amount) }
        do {
            try state.withLock { state in
                guard !state.isClosed else { throw CancellationError() }
                var entry = state.record
                entry.debits = Debit.merged(state.reserved + debits)
                try usageRecorder.update(entry)
                state.reserved += debits
            }
        } catch {
            usageRecorder.rateLimiter.settle(reserved: debits, spent: [])
            throw error
        }
        recordAttempt(status)
    }

    /// Enters what the present try used in a row of its own, since it may have been at another provider than the next.
    private func recordAttempt(_ status: Int) {
        let attempted = state.withLock { state -> UsageRecord? in
            guard let target = state.target, !state.isClosed else { return nil }
            var record = state.record
            record.status = Int64(status)
            record.flags.insert(.earlierAttempt)
            (record.attempts, record.firstToken) = (0, nil)
            _ = fill(&record, state, target)
            let bound = usageBound(at: target, state, isUnknown: true)
            state.earlierAttempts += reservation.spentInAttempt(tokens: bound.tokens, cost: bound.cost)
            (state.target, state.usage, state.response) = (nil, nil, ResponseSize())
            return record
        }
        guard let attempted else { return }
        usageRecorder.addAttempt(attempted)
        metrics.record(attempted)
    }

    /// Enters tokens, money, and what they take of the limits.
    ///
    /// - Returns: the cost in its parts; `nil` when it is unknown.
    private func settle(_ record: inout UsageRecord, _ state: State, _ outcome: Outcome) -> ModelCost? {
        // What the provider has said counts, whatever became of its response.
        guard let target = state.target, outcome != .unused || state.usage != nil else {
            record.debits = reservation.spent(tokens: nil, cost: nil, wasSent: state.record.attempts > 0)
            guard record.flags.contains(.cached) else { return nil }
            (record.promptTokens, record.completionTokens, record.cost) = (0, 0, 0)
            return .zero
        }
        let cost = fill(&record, state, target)
        let bound = usageBound(at: target, state, isUnknown: outcome == .unknown)
        record.debits = reservation.spent(tokens: bound.tokens, cost: bound.cost, wasSent: true)
        return cost
    }

    /// Enters the tokens of the present try and what they cost.
    ///
    /// - Returns: the cost in its parts; `nil` when it is unknown.
    private func fill(_ record: inout UsageRecord, _ state: State, _ target: Target) -> ModelCost? {
        let known = state.usage
        let estimate = known?.promptTokens == nil || (known?.completionTokens == nil && target.task != .embeddings)
        if estimate { record.flags.insert(.estimated) }
        // About four letters are a token; limits count the most that it can be.
        let prompt = known?.promptTokens ?? (reservation.promptBytes + 3) / 4
        let completion = known?.completionTokens ?? (target.task == .embeddings ? 0 : estimatedCompletion(state, target))
        record.promptTokens = prompt
        record.completionTokens = completion
        record.cachedTokens = known?.cachedTokens
        record.cacheWriteTokens = known?.cacheWriteTokens
        record.cacheWrite1hTokens = known?.cacheWrite1hTokens
        let cost = reservation.pricing.cost(at: target, known, prompt: prompt, completion: completion)
        record.cost = cost?.total
        return cost
    }

    /// An estimate of what the response of the present try has.
    private func estimatedCompletion(_ state: State, _ target: Target) -> Int64 {
        let tokens = state.response.tokens(isStream: state.record.flags.contains(.streamed))
        return state.response.isUnreadable ? min(tokens, reservation.completionBound(for: target)) : tokens
    }

    /// What the present try takes of limits: what the provider has told, and the most that it can be of what it hasn't.
    ///
    /// - Parameter isUnknown: whether nobody knows how much the provider has answered.
    private func usageBound(at target: Target, _ state: State, isUnknown: Bool) -> (tokens: Int64, cost: Int64?) {
        let known = state.usage
        let pricing = reservation.pricing
        // No more than what was reserved: the provider obeys the limit of a response.
        let maximum = reservation.completionBound(for: target)
        let seen = isUnknown || pricing.isDeferred(at: target) ? maximum : min(state.response.maximumTokens, maximum)
        let prompt = known?.promptTokens ?? reservation.promptBound(for: target)
        let completion = known?.completionTokens ?? (target.task == .embeddings ? 0 : seen)
        let tokens = prompt.addingReportingOverflow(completion)
        // What was read from the cache or written to it stands beside the prompt's tokens; without these, nothing is known of it.
        let reported = known?.promptTokens == nil ? nil : pricing.cost(at: target, known, prompt: prompt, completion: completion)
        return (
            tokens.overflow ? .max : tokens.partialValue,
            reported?.total ?? pricing.maximumCost(at: target, prompt: prompt, completion: completion)
        )
    }
}

/// How much a provider has sent, for an estimate where it doesn't say what was used.
struct ResponseSize {
    private var parts: Int64 = 0
    private var bytes: Int64 = 0
    private var smallest = Int64.max
    /// Whether it is no response of the provider's form, so that its length says little.
    private(set) var isUnreadable = false

    mutating func addUnreadable(_ size: Int) {
        add(size)
        isUnreadable = true
    }

    mutating func add(_ size: Int) {
        parts += 1
        bytes += Int64(size)
        smallest = min(smallest, Int64(size))
    }

    /// Providers send a token an event as a rule; in a whole response, about four letters are one.
    func tokens(isStream: Bool) -> Int64 { isStream && !isUnreadable ? parts : (bytes + 3) / 4 }

    /// A token is a byte at least, and what is in all events is no text.
    var maximumTokens: Int64 { parts > 1 ? max(parts, bytes - parts * smallest + 4 * parts) : bytes }
}

extension Duration {
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}

internal import AdapterHost
internal import GatewayFormats
internal import ModelPrices
internal import Primitives
internal import Synchronization
internal import WireProtocol

/// Meters one request while it is in flight. Every meter is closed exactly once.
final class UsageMeter: Sendable {
    private struct State {
        var record: UsageRecord
        var target: Target?
        var usage: TokenUsage?
        var response = ResponseSize()
        /// The reserved debits, including those of failed attempts that may have cost something.
        var reserved: [Debit]
        /// The debits of earlier attempts.
        var earlierAttempts: [Debit] = []
        var isClosed = false
    }

    /// What is known about the provider's work when a request ends.
    enum Outcome {
        /// The provider responded, at least in part.
        case used
        /// The provider did nothing billable.
        case unused
        /// It is unknown what the provider did, so limits count everything that was reserved.
        case unknown
    }

    let reservation: Reservation
    /// The trace of the request; `nil` if it isn't traced.
    let trace: RequestTrace?
    private let usageRecorder: UsageRecorder
    private let metrics: GatewayMetrics
    private let began: ContinuousClock.Instant
    private let state: Mutex<State>

    /// Writes the request to the usage log.
    ///
    /// - Parameter first: the first endpoint to try. If the gateway is killed, this is the endpoint that the ledger shows.
    /// - Throws: `ServiceError` if the usage log can't be written.
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
        // Every path closes the meter. If one doesn't, the reservation must not leak.
        close(status: 500, flags: .interrupted)
    }

    /// Begins an attempt at an endpoint.
    ///
    /// - Returns: the attempt's number, from 1.
    @discardableResult
    func beginAttempt(_ target: Target) -> Int {
        let number = state.withLock { state in
            state.record.attempts += 1
            state.record.provider = target.provider
            state.record.model = target.model
            state.target = target
            state.usage = nil
            state.response = ResponseSize()
            return Int(state.record.attempts)
        }
        trace?.attempt(target)
        return number
    }

    /// Records the usage that the provider reported.
    func used(_ usage: TokenUsage) { state.withLock { $0.usage = usage.filled(from: $0.usage) } }

    /// Whether the provider has reported usage for the current attempt, which it bills even if its response is lost.
    var isBilled: Bool { state.withLock { $0.usage?.promptTokens != nil || $0.usage?.completionTokens != nil } }

    /// Records the size of a whole response that can't be read, in bytes.
    func receivedUnreadable(_ size: Int) { state.withLock { $0.response.addUnreadable(size) } }

    /// Records a whole response, or an event of a stream.
    func received(_ bytes: [UInt8]) {
        state.withLock { state in
            if state.record.firstToken == nil, state.record.flags.contains(.streamed) {
                state.record.firstToken = Microseconds(began.duration(to: .now))
            }
            state.response.add(bytes.count)
        }
        trace?.received(bytes)
    }

    /// Ends the request. Only the first call has an effect.
    ///
    /// - Parameter outcome: what is known about the provider's work.
    func close(status: Int, flags: UsageRecord.Flags = [], outcome: Outcome = .used) {
        let elapsed = began.duration(to: .now)
        let closed = state.withLock { state -> (record: UsageRecord, reserved: [Debit], cost: ModelCost?)? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            var record = state.record
            record.latency = Microseconds(elapsed)
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

    /// Records a failed attempt that may have cost something, and makes a reservation for the next one.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - status: the status with which the attempt failed.
    /// - Throws: `LimitExceededError` if the limits have no room for both, `ServiceError` if the usage log can't be written; then
    ///   nothing more is reserved.
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

    /// Records the usage of the current attempt in a separate ledger row, since the next attempt may use another provider.
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

    /// Sets the tokens, the cost and the debits of a record.
    ///
    /// - Returns: the cost by parts; `nil` if it is unknown.
    private func settle(_ record: inout UsageRecord, _ state: State, _ outcome: Outcome) -> ModelCost? {
        // Reported usage counts, even if the response was lost or unreadable.
        guard let target = state.target, outcome != .unused || state.usage != nil else {
            record.debits = reservation.spent(tokens: nil, cost: nil, wasSent: state.record.attempts > 0)
            guard record.flags.contains(.cached) else { return nil }
            (record.promptTokens, record.completionTokens, record.cost) = (0, 0, .zero)
            return .zero
        }
        let cost = fill(&record, state, target)
        let bound = usageBound(at: target, state, isUnknown: outcome == .unknown)
        record.debits = reservation.spent(tokens: bound.tokens, cost: bound.cost, wasSent: true)
        return cost
    }

    /// Sets the tokens and the cost of the current attempt.
    ///
    /// - Returns: the cost by parts; `nil` if it is unknown.
    private func fill(_ record: inout UsageRecord, _ state: State, _ target: Target) -> ModelCost? {
        let known = state.usage
        let estimate = known?.promptTokens == nil || (known?.completionTokens == nil && target.task != .embeddings)
        if estimate { record.flags.insert(.estimated) }
        // Estimate four bytes per token. Limits count the upper bound instead.
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

    /// An estimate of the completion tokens of the current attempt.
    private func estimatedCompletion(_ state: State, _ target: Target) -> Int64 {
        let tokens = state.response.tokens(isStream: state.record.flags.contains(.streamed))
        return state.response.isUnreadable ? min(tokens, reservation.completionBound(for: target)) : tokens
    }

    /// What limits count for the current attempt: the reported usage, and upper bounds for whatever the provider didn't report.
    ///
    /// - Parameter isUnknown: whether the size of the response is unknown.
    private func usageBound(at target: Target, _ state: State, isUnknown: Bool) -> (tokens: Int64, cost: NanoDollars?) {
        let known = state.usage
        let pricing = reservation.pricing
        // At most what was reserved, since the provider obeys the limit on completion tokens.
        let maximum = reservation.completionBound(for: target)
        let seen = isUnknown || pricing.isDeferred(at: target) ? maximum : min(state.response.maximumTokens, maximum)
        let prompt = known?.promptTokens ?? reservation.promptBound(for: target)
        let completion = known?.completionTokens ?? (target.task == .embeddings ? 0 : seen)
        // Cache reads and writes are reported together with prompt tokens. Without those, they are unknown.
        let reported = known?.promptTokens == nil ? nil : pricing.cost(at: target, known, prompt: prompt, completion: completion)
        return (
            prompt.saturatingAdd(completion),
            reported?.total ?? pricing.maximumCost(at: target, prompt: prompt, completion: completion)
        )
    }
}

/// The size of a response, for estimates where the provider reports no usage.
struct ResponseSize {
    private var parts: Int64 = 0
    private var bytes: Int64 = 0
    private var smallest = Int64.max
    /// Whether the response isn't in the provider's format, so that its size says little about its tokens.
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

    /// The estimated tokens: one for each event of a stream, or one for each four bytes of a whole response.
    func tokens(isStream: Bool) -> Int64 { isStream && !isUnreadable ? parts : (bytes + 3) / 4 }

    /// The upper bound on tokens: a token has at least one byte, and the bytes common to all events aren't text.
    var maximumTokens: Int64 { parts > 1 ? max(parts, bytes - parts * smallest + 4 * parts) : bytes }
}

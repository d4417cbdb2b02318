internal import GatewayFormats
internal import ModelPrices
internal import PluginHost
internal import Synchronization

/// The account of one request while it is under way. It is closed once, whatever happens.
final class CallRecord: Sendable {
    private struct State {
        var record: UsageRecord
        var target: Target?
        var usage: TokenUsage?
        var answer = AnswerSize()
        /// What is reserved; more than once where a try failed that may cost.
        var reserved: [Charge]
        /// What tries that failed may cost.
        var lost: [Charge] = []
        var isClosed = false
    }

    /// What is known of the provider's work in the end.
    enum Outcome {
        /// It has answered, at least in part.
        case used
        /// It has done nothing that it would charge.
        case useless
        /// Nobody knows what it has done: limits count all that was reserved.
        case unknown
    }

    let reservation: Reservation
    /// `nil`: the request becomes no trace.
    let trace: CallTrace?
    private let accounts: Accounts
    private let metrics: GatewayMetrics
    private let began: ContinuousClock.Instant
    private let state: Mutex<State>

    /// Enters the request in the journal.
    ///
    /// - Parameter first: the endpoint that is asked first. Should the gateway be killed, nothing later is known of the request.
    init(
        _ call: GatewayCall, _ reservation: Reservation, first: Target?, accounts: Accounts, metrics: GatewayMetrics, trace: CallTrace? = nil
    ) throws {
        var record = UsageRecord(
            sequence: 0, at: call.time, team: call.caller.team, key: call.caller.keyName, route: call.route.name)
        record.charges = reservation.charges
        if call.streams { record.flags.insert(.streamed) }
        var entry = record
        entry.provider = first?.provider
        entry.model = first?.model
        try accounts.begin(&entry)
        record.sequence = entry.sequence
        self.reservation = reservation
        self.trace = trace
        self.accounts = accounts
        self.metrics = metrics
        began = call.began
        state = Mutex(State(record: record, reserved: reservation.charges))
    }

    deinit {
        // Nothing drops a call without closing it; if it happens all the same, the reservation must not stay.
        close(status: 500, flags: .interrupted)
    }

    /// An endpoint is asked.
    func attempt(_ target: Target) {
        state.withLock { state in
            state.record.attempts += 1
            state.record.provider = target.provider
            state.record.model = target.model
            state.target = target
            state.usage = nil
            state.answer = AnswerSize()
        }
        trace?.attempt(target)
    }

    func used(_ usage: TokenUsage) { state.withLock { $0.usage = usage.filled(from: $0.usage) } }

    /// A whole answer, or an event of a stream.
    func received(_ bytes: [UInt8]) {
        state.withLock { state in
            if state.record.firstToken == nil, state.record.flags.contains(.streamed) {
                state.record.firstToken = began.duration(to: .now).microseconds
            }
            state.answer.add(bytes.count)
        }
        trace?.received(bytes)
    }

    /// The request is over.
    ///
    /// - Parameter outcome: what is known of the provider's work.
    func close(status: Int, flags: UsageRecord.Flags = [], outcome: Outcome = .used) {
        let elapsed = began.duration(to: .now)
        let closed = state.withLock { state -> (record: UsageRecord, reserved: [Charge], cost: ModelCost?)? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            var record = state.record
            record.latency = elapsed.microseconds
            record.status = Int64(status)
            record.flags.formUnion(flags)
            let cost = account(&record, state, outcome)
            if !state.lost.isEmpty { record.charges = Charge.sums(record.charges + state.lost) }
            return (record, state.reserved, cost)
        }
        guard let closed else { return }
        accounts.end(closed.record, reserved: closed.reserved)
        metrics.record(closed.record)
        trace?.close(closed.record, cost: closed.cost)
    }

    /// Reserves for another try after one that may cost, which stays reserved.
    ///
    /// - Throws: `LimitRefusal` when there is no room for both, `GatewayError` when the journal can't be written; then nothing more
    ///   is reserved.
    func reserveAgain(now: Int64) async throws {
        let wants = reservation.wants.filter { $0.rule.unit == .tokens || $0.rule.unit == .money }
        try await accounts.limits.admit(wants, now: now)
        let charges = wants.map { Charge(counter: $0.key.counter, window: $0.key.window, amount: $0.amount) }
        do {
            try state.withLock { state in
                guard !state.isClosed else { throw CancellationError() }
                var entry = state.record
                entry.charges = Charge.sums(state.reserved + charges)
                try accounts.change(entry)
                state.reserved += charges
                state.lost += charges
            }
        } catch {
            accounts.limits.settle(reserved: charges, spent: [])
            throw error
        }
    }

    /// Enters tokens, money, and what they take of the limits.
    ///
    /// - Returns: the cost in its parts; `nil` when it is unknown.
    private func account(_ record: inout UsageRecord, _ state: State, _ outcome: Outcome) -> ModelCost? {
        // What the provider has said counts, whatever became of its answer.
        guard let target = state.target, outcome != .useless || state.usage != nil else {
            record.charges = reservation.spent(tokens: nil, cost: nil, wasSent: state.target != nil)
            guard record.flags.contains(.cached) else { return nil }
            (record.promptTokens, record.completionTokens, record.cost) = (0, 0, 0)
            return .zero
        }
        let known = state.usage
        let estimate = known?.promptTokens == nil || (known?.completionTokens == nil && target.task != .embeddings)
        if estimate { record.flags.insert(.estimated) }
        // About four letters are a token; limits count the most that it can be.
        let prompt = known?.promptTokens ?? (reservation.promptBytes + 3) / 4
        let completion = known?.completionTokens ?? (target.task == .embeddings ? 0 : state.answer.tokens(isStream: record.flags.contains(.streamed)))
        record.promptTokens = prompt
        record.completionTokens = completion
        record.cachedTokens = known?.cachedTokens
        record.cacheWriteTokens = known?.cacheWriteTokens
        record.cacheWrite1hTokens = known?.cacheWrite1hTokens
        let cost = reservation.pricing.cost(at: target, known, prompt: prompt, completion: completion)
        record.cost = cost?.total
        record.charges = charges(at: target, state, outcome)
        return cost
    }

    /// What a request takes of the limits in the end: what the provider has told, and the most that it can be of what it hasn't.
    private func charges(at target: Target, _ state: State, _ outcome: Outcome) -> [Charge] {
        let known = state.usage
        let pricing = reservation.pricing
        // No more than what was reserved: the provider obeys the limit of an answer.
        let most = reservation.completion(for: target)
        let isUnseen = outcome == .unknown || pricing.isDeferred(at: target)
        let seen = isUnseen ? most : min(state.answer.mostTokens, most)
        let prompt = known?.promptTokens ?? reservation.bound.prompt
        let completion = known?.completionTokens ?? (target.task == .embeddings ? 0 : seen)
        let tokens = prompt.addingReportingOverflow(completion)
        // What was read from the cache or written to it stands beside the prompt's tokens; without these, nothing is known of it.
        let told = known?.promptTokens == nil ? nil : pricing.cost(at: target, known, prompt: prompt, completion: completion)
        return reservation.spent(
            tokens: tokens.overflow ? .max : tokens.partialValue,
            cost: told?.total ?? pricing.mostExpensive(at: target, prompt: prompt, completion: completion), wasSent: true)
    }
}

/// How much a provider has sent, for an estimate where it doesn't say what was used.
struct AnswerSize {
    private var parts: Int64 = 0
    private var bytes: Int64 = 0
    private var smallest = Int64.max

    mutating func add(_ size: Int) {
        parts += 1
        bytes += Int64(size)
        smallest = min(smallest, Int64(size))
    }

    /// Providers send a token an event as a rule; in a whole answer, about four letters are one.
    func tokens(isStream: Bool) -> Int64 { isStream ? parts : (bytes + 3) / 4 }

    /// A token is a byte at least, and what is in all events is no text.
    var mostTokens: Int64 { parts > 1 ? max(parts, bytes - parts * smallest + 4 * parts) : bytes }
}

extension Duration {
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}

internal import GatewayFormats
internal import JSON
internal import Logging
internal import PluginHost
internal import ServiceKit

/// Brings a call to a provider: lets it in, tries the endpoints in order, and keeps its account.
struct CallRunner: Sendable {
    enum Outcome {
        case answer([UInt8], isCached: Bool)
        /// Has its own account, which whoever reads it closes.
        case stream(ProviderStream, CallRecord)
    }

    let accounts: Accounts
    let upstream: UpstreamClient
    let cache: ResponseCache
    let metrics: GatewayMetrics
    let traces: TraceQueue
    let random: RandomSource
    let logger: Logger

    /// - Throws: what keeps the call from being answered; see `GatewayError.init`.
    func run(_ call: GatewayCall, table: RouteTable, handle: CallHandle) async throws -> Outcome {
        try call.reserveForNestedJSON()
        let all = call.route.candidates(random)
        let rules = table.rules(for: call.caller, route: call.route.name)
        let pricing = CallPricing(call, all)
        let budget = rules.first { $0.rule.unit == .money && $0.rule.rejects }
        // Where a budget counts, endpoints at which nobody can say what the request may cost are as good as not there.
        let bound = Reservation.bound(of: call, counting: rules)
        let candidates = try budget.map { try pricing.targets(within: $0.rule, prompt: bound.prompt) } ?? all
        let reservation = Reservation(call, rules, candidates: candidates, pricing: pricing, bound: bound, second: call.time / 1000)
        do {
            try await accounts.limits.admit(reservation.wants, now: call.time / 1000)
        } catch let refusal as LimitRefusal {
            metrics.refused(call, by: refusal.rule.name)
            throw refusal
        }
        let record: CallRecord
        do {
            record = try CallRecord(call, reservation, first: candidates.first, accounts: accounts, metrics: metrics,
                trace: traces.trace(of: call, table.traces, random))
        } catch {
            accounts.limits.settle(reserved: reservation.charges, spent: [])
            throw error
        }
        let cacheKey = call.streams ? nil : call.route.policy.cacheLifetime.map { (key: ResponseCache.Key(call), lifetime: $0) }
        if let cacheKey, let answer = cache[cacheKey.key] {
            record.trace?.received(answer)
            record.close(status: 200, flags: .cached, outcome: .useless)
            return .answer(answer, isCached: true)
        }
        do {
            switch try await tryAll(call, candidates, record, handle) {
            case .answer(let bytes, _):
                record.close(status: 200)
                if let cacheKey { cache.put(bytes, cacheKey.key, lifetime: cacheKey.lifetime) }
                return .answer(bytes, isCached: false)
            case .stream(let stream): return .stream(stream, record)
            }
        } catch {
            let failure = error as? AttemptFailure
            let shown = failure?.error ?? GatewayError(error)
            record.trace?.failed(shown)
            if handle.isGone {
                record.close(status: 499, flags: .abandoned, outcome: .unknown)
            } else {
                record.close(status: shown.status, outcome: failure?.mayCost ?? false ? .unknown : .useless)
            }
            throw shown
        }
    }

    private func tryAll(
        _ call: GatewayCall, _ candidates: [Target], _ record: CallRecord, _ handle: CallHandle
    ) async throws -> Attempt.Outcome {
        var last = AttemptFailure(error: .unavailable("The route has no endpoint."), kind: .target)
        for (index, target) in candidates.enumerated() {
            let isLast = index == candidates.count - 1
            var retries = 0
            while true {
                let attempt = Attempt(call: call, target: target, upstream: upstream, handle: handle, record: record)
                do {
                    return try await attempt.run()
                } catch {
                    last = error
                    record.trace?.attemptFailed(error.error)
                    metrics.failed(call, target, status: error.error.status)
                    logger.info(
                        error.kind.isTargets ? "a provider failed" : "a request was refused",
                        metadata: [
                            "request_id": "\(call.requestID)", "route": "\(call.route.name)", "endpoint": "\(target.name)",
                            "provider": "\(target.provider)", "status": "\(error.error.status)", "error": "\(error.error.message)",
                        ])
                }
                guard !handle.isGone, case .passing(let retryAfter) = last.kind, retries < target.policy.retries else { break }
                guard let pause = pause(target.policy, retries, retryAfter, hasOthers: !isLast) else { break }
                guard call.began.duration(to: .now) + pause < target.policy.totalTimeout else { break }
                try await reserveAgain(record, after: last, call)
                retries += 1
                try await Task.sleep(for: pause)
                if handle.isGone { throw AttemptFailure(.cancelled, target) }
            }
            if handle.isGone || isLast { break }
            if case .request = last.kind { break }
            try await reserveAgain(record, after: last, call)
        }
        throw last
    }

    /// What a failed try has cost, or may cost, is booked and stays reserved, and the next one gets a reservation of its own.
    ///
    /// - Throws: the failure, when nothing can be reserved for another try.
    private func reserveAgain(_ record: CallRecord, after failure: AttemptFailure, _ call: GatewayCall) async throws {
        guard failure.mayCost || record.isBilled else { return }
        do {
            try await record.reserveAgain(now: call.time / 1000, status: failure.error.status)
        } catch {
            logger.info(
                "no further try is made, as nothing can be reserved for it",
                metadata: ["request_id": "\(call.requestID)", "route": "\(call.route.name)", "cause": "\(error)"])
            throw failure
        }
    }

    /// How long to wait before the next try; `nil` when it isn't worth it.
    private func pause(_ policy: CallPolicy, _ retries: Int, _ retryAfter: Double?, hasOthers: Bool) -> Duration? {
        if let retryAfter {
            let wanted = Duration.milliseconds(Int64(retryAfter * 1000))
            // An endpoint that is free now is better than one that will be.
            return hasOthers || wanted > policy.maxBackoff ? nil : wanted
        }
        let backoff = min(policy.maxBackoff, policy.backoff * (1 << min(retries, 10)))
        // Between a half and the whole of it, so that those who failed together don't come back together.
        return backoff * (0.5 + Double(random.number(below: 1000)) / 2000)
    }
}

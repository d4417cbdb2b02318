internal import GatewayFormats
internal import JSON
internal import Logging
internal import PluginHost
internal import ServiceKit

/// Brings a call to a provider: lets it in, tries the endpoints in order, and keeps its account.
struct InferencePipeline: Sendable {
    enum Outcome {
        case response([UInt8], isCached: Bool)
        /// Has its own account, which whoever reads it closes.
        case stream(ProviderStream, UsageMeter)
    }

    let usageRecorder: UsageRecorder
    let upstream: UpstreamClient
    let cache: ResponseCache
    let metrics: GatewayMetrics
    let traces: TraceQueue
    let random: RandomSource
    let logger: Logger

    /// - Throws: what keeps the call from being answered; see `GatewayError.init`.
    func run(_ request: InferenceRequest, table: RouteTable, cancellation: CancellationHandle) async throws -> Outcome {
        try request.reserveMemoryForNestedJSON()
        let all = request.route.candidates(random)
        let rules = table.rules(for: request.caller, route: request.route.name)
        let pricing = InferencePricing(request, all)
        let budget = rules.first { $0.rule.unit == .money && $0.rule.rejects }
        // Where a budget counts, endpoints at which nobody can say what the request may cost are as good as not there.
        let bound = Reservation.bound(of: request, counting: rules)
        let candidates = try budget.map { try pricing.targets(within: $0.rule, prompt: bound.prompt) } ?? all
        let reservation = Reservation(
            request, rules, candidates: candidates, pricing: pricing, bound: bound, second: request.time / 1000)
        do {
            try await usageRecorder.rateLimiter.admit(reservation.demands, now: request.time / 1000)
        } catch let refusal as LimitExceededError {
            metrics.rejected(request, by: refusal.rule.name)
            throw refusal
        }
        let meter: UsageMeter
        do {
            meter = try UsageMeter(request, reservation, first: candidates.first, usageRecorder: usageRecorder, metrics: metrics,
                trace: traces.startTrace(of: request, table.traces, random))
        } catch {
            usageRecorder.rateLimiter.settle(reserved: reservation.debits, spent: [])
            throw error
        }
        let cacheKey =
            request.streams ? nil : request.route.policy.cacheLifetime.map { (key: ResponseCache.Key(request), lifetime: $0) }
        if let cacheKey, let response = cache[cacheKey.key] {
            meter.trace?.received(response)
            meter.close(status: 200, flags: .cached, outcome: .unused)
            return .response(response, isCached: true)
        }
        do {
            switch try await tryTargets(request, candidates, meter, cancellation) {
            case .response(let bytes, _):
                meter.close(status: 200)
                if let cacheKey { cache.put(bytes, cacheKey.key, lifetime: cacheKey.lifetime) }
                return .response(bytes, isCached: false)
            case .stream(let stream): return .stream(stream, meter)
            }
        } catch {
            let failure = error as? AttemptFailure
            let shown = failure?.error ?? GatewayError(error)
            meter.trace?.failed(shown)
            if cancellation.isCancelled {
                meter.close(status: 499, flags: .abandoned, outcome: .unknown)
            } else {
                meter.close(status: shown.status, outcome: failure?.mayCost ?? false ? .unknown : .unused)
            }
            throw shown
        }
    }

    private func tryTargets(
        _ request: InferenceRequest, _ candidates: [Target], _ meter: UsageMeter, _ cancellation: CancellationHandle
    ) async throws -> ProviderAttempt.Outcome {
        var last = AttemptFailure(error: .unavailable("The route has no endpoint."), kind: .target)
        for (index, target) in candidates.enumerated() {
            let isLast = index == candidates.count - 1
            var retries = 0
            while true {
                let attempt = ProviderAttempt(
                    request: request, target: target, upstream: upstream, cancellation: cancellation, meter: meter)
                do {
                    return try await attempt.run()
                } catch {
                    last = error
                    meter.trace?.attemptFailed(error.error)
                    metrics.failed(request, target, status: error.error.status)
                    logger.info(
                        error.kind.isTargetFault ? "a provider failed" : "a request was refused",
                        metadata: [
                            "request_id": "\(request.requestID)", "route": "\(request.route.name)", "endpoint": "\(target.name)",
                            "provider": "\(target.provider)", "status": "\(error.error.status)", "error": "\(error.error.message)",
                        ])
                }
                guard !cancellation.isCancelled, case .transient(let retryAfter) = last.kind, retries < target.policy.retries
                else { break }
                guard let pause = backoff(target.policy, retries, retryAfter, hasOthers: !isLast) else { break }
                guard request.began.duration(to: .now) + pause < target.policy.totalTimeout else { break }
                try await reserveForNextAttempt(meter, after: last, request)
                retries += 1
                try await Task.sleep(for: pause)
                if cancellation.isCancelled { throw AttemptFailure(.cancelled, target) }
            }
            if cancellation.isCancelled || isLast { break }
            if case .request = last.kind { break }
            try await reserveForNextAttempt(meter, after: last, request)
        }
        throw last
    }

    /// What a failed try has cost, or may cost, is booked and stays reserved, and the next one gets a reservation of its own.
    ///
    /// - Throws: the failure, when nothing can be reserved for another try.
    private func reserveForNextAttempt(
        _ meter: UsageMeter, after failure: AttemptFailure, _ request: InferenceRequest
    ) async throws {
        guard failure.mayCost || meter.isBilled else { return }
        do {
            try await meter.reserveForNextAttempt(now: request.time / 1000, status: failure.error.status)
        } catch {
            logger.info(
                "no further try is made, as nothing can be reserved for it",
                metadata: ["request_id": "\(request.requestID)", "route": "\(request.route.name)", "cause": "\(error)"])
            throw failure
        }
    }

    /// How long to wait before the next try; `nil` when it isn't worth it.
    private func backoff(_ policy: RequestPolicy, _ retries: Int, _ retryAfter: Double?, hasOthers: Bool) -> Duration? {
        if let retryAfter {
            let wanted = Duration.milliseconds(Int64(retryAfter * 1000))
            // An endpoint that is free now is better than one that will be.
            return hasOthers || wanted > policy.maxBackoff ? nil : wanted
        }
        let exponential = min(policy.maxBackoff, policy.backoff * (1 << min(retries, 10)))
        // Between a half and the whole of it, so that those who failed together don't come back together.
        return exponential * (0.5 + Double(random.number(below: 1000)) / 2000)
    }
}

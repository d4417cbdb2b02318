internal import AdapterHost
internal import GatewayFormats
internal import Logging
internal import ServiceKit
internal import WireProtocol

/// Runs a request: admits it, tries the endpoints in order, and meters its usage.
struct InferencePipeline: Sendable {
    /// The result of a request.
    enum Outcome {
        case response([UInt8], isCached: Bool)
        /// A stream and its meter, which the reader of the stream closes.
        case stream(ProviderStream, UsageMeter)
    }

    let usageRecorder: UsageRecorder
    let upstream: UpstreamClient
    let cache: ResponseCache
    let metrics: GatewayMetrics
    let traces: TraceQueue
    let random: RandomSource
    let logger: Logger

    /// Runs a request to its response, or to the first event of its stream.
    ///
    /// - Throws: any error that `ServiceError.init(_:)` converts.
    func run(_ request: InferenceRequest, table: RouteTable, cancellation: CancellationHandle) async throws -> Outcome {
        try request.reserveMemoryForNestedJSON()
        let all = request.route.candidates(random)
        let rules = table.rules(for: request.caller, route: request.route.name)
        let pricing = InferencePricing(request, all)
        let budget = rules.first { $0.rule.unit == .money && $0.rule.rejects }
        // Under a budget, endpoints at which the request has no known maximum cost are excluded.
        let bound = Reservation.bound(of: request, counting: rules)
        let candidates = try budget.map { try pricing.targets(within: $0.rule, prompt: bound.prompt) } ?? all
        let reservation = Reservation(
            request, rules, candidates: candidates, pricing: pricing, bound: bound, second: request.time / 1000)
        do {
            try await usageRecorder.rateLimiter.admit(reservation.demands, now: request.time / 1000)
        } catch let error as LimitExceededError {
            metrics.rejected(request, by: error.rule.name)
            throw error
        }
        let meter: UsageMeter
        do {
            meter = try UsageMeter(
                request, reservation, first: candidates.first, usageRecorder: usageRecorder, metrics: metrics,
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
            let shown = failure?.error ?? ServiceError(error)
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
        var last = AttemptFailure(error: .unavailable("The route has no endpoints."), kind: .target)
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
                        error.kind.isTargetFault ? "provider failed" : "request rejected",
                        metadata: request.logMetadata([
                            "route": "\(request.route.name)", "endpoint": "\(target.name)", "provider": "\(target.provider)",
                            "status": "\(error.error.status)", "error": "\(error.error.message)",
                        ]))
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

    /// Records what a failed attempt cost or may have cost, which stays reserved, and makes a reservation for the next attempt.
    ///
    /// - Throws: `failure`, if nothing can be reserved for the next attempt.
    private func reserveForNextAttempt(
        _ meter: UsageMeter, after failure: AttemptFailure, _ request: InferenceRequest
    ) async throws {
        guard failure.mayCost || meter.isBilled else { return }
        do {
            try await meter.reserveForNextAttempt(now: request.time / 1000, status: failure.error.status)
        } catch {
            logger.info(
                "not retrying, because nothing can be reserved for another attempt",
                metadata: request.logMetadata(["route": "\(request.route.name)", "cause": "\(error)"]))
            throw failure
        }
    }

    /// The delay before the next attempt; `nil` if the endpoint shouldn't be retried.
    private func backoff(_ policy: RequestPolicy, _ retries: Int, _ retryAfter: Double?, hasOthers: Bool) -> Duration? {
        if let retryAfter {
            let wanted = Duration.milliseconds(Int64(retryAfter * 1000))
            // Trying another endpoint now is better than waiting for this one.
            return hasOthers || wanted > policy.maxBackoff ? nil : wanted
        }
        let exponential = min(policy.maxBackoff, policy.backoff * (1 << min(retries, 10)))
        // Jitter between 50% and 100%, so that requests that failed together don't retry together.
        return exponential * (0.5 + Double(random.number(below: 1000)) / 2000)
    }
}

internal import HTTPServer
internal import JSON
internal import Logging
internal import ServiceClient
internal import ServiceKit
internal import ServiceLifecycle
internal import WireProtocol

/// Sends traces to the tracking server in batches, in the background.
actor TraceExporter: ServiceLifecycle.Service {
    /// Bytes of completed requests whose traces are sent at once.
    private static let batchSize = 2 << 20
    private static let exportInterval = Duration.milliseconds(500)
    private static let backoff = ExponentialBackoff(first: exportInterval * 2, maximum: .seconds(30))
    /// How long the gateway's shutdown waits for the remaining traces.
    private static let shutdownTimeout = Duration.seconds(3)

    private let queue: TraceQueue
    /// The destination in the current configuration.
    private let current: @Sendable () -> TraceSettings.Destination?
    private let clock: any Clock<Duration>
    private let logger: Logger
    private var clients: [TraceSettings.Destination: JSONServiceClient] = [:]
    private var experiments: [TraceSettings.Destination: Int64] = [:]

    init(
        queue: TraceQueue, current: @escaping @Sendable () -> TraceSettings.Destination?, clock: any Clock<Duration>, logger: Logger
    ) {
        self.queue = queue
        self.current = current
        self.clock = clock
        self.logger = logger
    }

    /// Sends traces until the service group shuts down or the task is cancelled, then those that remain, within `shutdownTimeout`.
    func run() async {
        await PeriodicTask(every: Self.exportInterval, startsImmediately: false, backoff: Self.backoff, clock: clock) { [self] in
            // A request to a server that doesn't respond must not take the time for the remaining traces.
            let allSent = await cancelWhenGracefulShutdown { await self.sendAll() }
            guard allSent else { throw UnsentTracesError() }
        }.run()
        // A cancelled task can't send anything.
        let rest = Task { while !queue.destinations.isEmpty, await sendAll() {} }
        let timeout = Task {
            try? await clock.sleep(for: Self.shutdownTimeout)
            rest.cancel()
        }
        await rest.value
        timeout.cancel()
        let lost = queue.counts.pending
        if lost > 0 {
            logger.error("dropped traces that the tracking server didn't accept before the shutdown", metadata: ["traces": "\(lost)"])
        }
        for client in clients.values { await client.close() }
    }

    /// - Returns: whether all traces have been sent or dropped.
    private func sendAll() async -> Bool {
        var allSent = true
        for destination in queue.destinations { allSent = await sendAll(to: destination) && allSent }
        return allSent
    }

    private func sendAll(to destination: TraceSettings.Destination) async -> Bool {
        // How many traces of a rejected batch are still to be sent one by one.
        var remainingSingles = 0
        while !Task.isCancelled {
            let requests = queue.first(for: destination, limit: remainingSingles > 0 ? 0 : Self.batchSize)
            if requests.isEmpty { return true }
            do {
                try await send(requests, to: destination)
                queue.removeFirst(requests.count, for: destination, wereLogged: true)
            } catch let rejection as RejectedTraces {
                // A single trace may be the reason; the others must not be lost with it.
                if requests.count > 1 {
                    remainingSingles = requests.count
                    continue
                }
                drop(requests, rejection, to: destination)
            } catch {
                // Traces for the current destination stay queued; those for a destination that an edit has replaced are dropped.
                guard destination != current() else {
                    logger.warning("can't export traces; they stay queued", metadata: metadata(destination, error))
                    return false
                }
                drop(requests, error, to: destination)
            }
            remainingSingles = max(0, remainingSingles - 1)
        }
        return false
    }

    private func drop(_ requests: [CompletedRequest], _ reason: any Error, to destination: TraceSettings.Destination) {
        for request in requests {
            logger.error(
                "dropped a trace that can't be exported",
                metadata: metadata(destination, reason).merging(.request(request.requestID, request.span.parent)) { $1 })
        }
        queue.removeFirst(requests.count, for: destination, wereLogged: false)
    }

    /// - Throws: `RejectedTraces` if the server rejects these traces, another error if no traces can be logged at the moment.
    private func send(_ requests: [CompletedRequest], to destination: TraceSettings.Destination) async throws {
        let tracking = TrackingClient(client: try client(destination))
        let exports = await offEventLoop { Self.exportRequests(requests.flatMap { TraceSpanBuilder(request: $0).build() }) }
        do {
            try await deliver(exports, to: destination, tracking)
        } catch let error as ServiceError where error.code.isMissing {
            // The experiment may have been deleted since it was looked up.
            guard experiments.removeValue(forKey: destination) != nil else { throw error }
            try await deliver(exports, to: destination, tracking)
        }
    }

    private func deliver(_ exports: [[UInt8]], to destination: TraceSettings.Destination, _ tracking: TrackingClient) async throws {
        let experiment = try await experiment(destination, tracking)
        do {
            for json in exports {
                try await tracking.export(json, toExperiment: experiment)
            }
        } catch let error as ServiceError where error.rejectsContent {
            throw RejectedTraces(error: error)
        }
    }

    /// Encodes spans as requests to be sent in order.
    ///
    /// A tracking server takes the state, the previews and the tags of a trace from a span without a parent. If a client's trace is
    /// continued, that is a span of the client, which this server may never receive. So the spans with a parent at the client are first
    /// sent without it, and then replaced.
    private static func exportRequests(_ spans: [Span]) -> [[UInt8]] {
        let continuations = spans.filter { $0.kind == .server && !$0.isRoot }.map { span in
            var span = span
            span.parentID = []
            return span
        }
        return (continuations.isEmpty ? [] : [exportRequest(continuations)]) + [exportRequest(spans)]
    }

    private static func exportRequest(_ spans: [Span]) -> [UInt8] {
        let resource = [Attribute(key: "service.name", value: .string("unladen-gateway"))]
        return ExportTraceServiceRequest(resourceSpans: [ResourceSpans(resource: resource, spans: spans)]).jsonBytes(capacity: 64 << 10)
    }

    private func client(_ destination: TraceSettings.Destination) throws -> JSONServiceClient {
        if let client = clients[destination] { return client }
        guard let address = ServiceAddress(destination.trackingURI) else {
            throw ServiceError.invalidParameter("'\(destination.trackingURI)' is not a valid URL")
        }
        let client = JSONServiceClient(name: "tracking", address: address, token: destination.token)
        clients[destination] = client
        return client
    }

    /// Returns the experiment's id; creates the experiment if it doesn't exist.
    private func experiment(_ destination: TraceSettings.Destination, _ tracking: TrackingClient) async throws -> Int64 {
        if let id = experiments[destination] { return id }
        let id: Int64
        do {
            id = try await tracking.experiment(named: destination.experiment).id
        } catch let error as ServiceError where error.code == .resourceDoesNotExist {
            do {
                id = try await tracking.createExperiment(named: destination.experiment)
            } catch let error as ServiceError where error.code == .resourceAlreadyExists {
                // Another gateway has just created it; the next attempt finds it.
                throw ServiceError.unavailable("The experiment '\(destination.experiment)' is being created.", cause: error)
            }
        }
        experiments[destination] = id
        return id
    }

    private func metadata(_ destination: TraceSettings.Destination, _ error: any Error) -> Logger.Metadata {
        ["tracking_uri": "\(destination.trackingURI)", "experiment": "\(destination.experiment)", "cause": "\(error)"]
    }
}

/// Some traces couldn't be sent; the reason is logged.
private struct UnsentTracesError: Error {}

/// The tracking server has read a request with traces and rejects its content.
private struct RejectedTraces: Error, CustomStringConvertible {
    var error: ServiceError

    var description: String { "\(error)\(error.cause.map { ": \($0)" } ?? "")" }
}

extension ErrorCode {
    fileprivate var isMissing: Bool { self == .resourceDoesNotExist || self == .notFound }
}

extension ServiceError {
    /// Whether the error is about the request's content, so that the same request would be rejected again. A missing resource or a
    /// lack of permission concerns the server or the experiment.
    fileprivate var rejectsContent: Bool {
        let isPassing = status >= 500 || status == 429
        return !isPassing && !code.isMissing && code != .unauthenticated && code != .permissionDenied
    }
}

internal import JSON
internal import Logging
internal import ServiceClient
internal import ServiceKit
internal import WireProtocol

/// Brings traces to the tracking server, some at a time, in the background.
actor TraceExporter {
    /// What goes in one request.
    private static let batchSize = 2 << 20
    private static let pause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(30)
    /// How long the end of the gateway waits for traces that are left.
    private static let farewell = Duration.seconds(3)

    private let queue: TraceQueue
    /// Where the configuration sends traces now.
    private let current: @Sendable () -> TraceSettings.Destination?
    private let logger: Logger
    private var peers: [TraceSettings.Destination: ServicePeer] = [:]
    private var experiments: [TraceSettings.Destination: String] = [:]

    init(queue: TraceQueue, current: @escaping @Sendable () -> TraceSettings.Destination?, logger: Logger) {
        self.queue = queue
        self.current = current
        self.logger = logger
    }

    /// Sends what comes, until the task is cancelled; then what is left, as far as that goes fast.
    func run() async {
        var pause = Self.pause
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            pause = await sendAll() ? Self.pause : min(pause * 2, Self.longestPause)
        }
        let limit = ContinuousClock.now + Self.farewell
        // A task that is cancelled can send nothing.
        let rest = Task { while !queue.destinations.isEmpty, .now < limit, await sendAll() {} }
        let watch = Task {
            try? await Task.sleep(until: limit)
            rest.cancel()
        }
        await rest.value
        watch.cancel()
        let lost = queue.counts.waiting
        if lost > 0 {
            logger.error("traces are lost: the tracking server didn't take them before the gateway's end", metadata: ["traces": "\(lost)"])
        }
        for peer in peers.values { await peer.close() }
    }

    /// - Returns: whether all have gone.
    private func sendAll() async -> Bool {
        var haveGone = true
        for destination in queue.destinations { haveGone = await sendAll(to: destination) && haveGone }
        return haveGone
    }

    private func sendAll(to destination: TraceSettings.Destination) async -> Bool {
        // How many traces of a refused request are still to be sent in requests of their own.
        var alone = 0
        while !Task.isCancelled {
            let calls = queue.first(for: destination, limit: alone > 0 ? 0 : Self.batchSize)
            if calls.isEmpty { return true }
            do {
                try await send(calls, to: destination)
                queue.removeFirst(calls.count, for: destination, areLogged: true)
            } catch let refusal as RefusedTraces {
                // One trace may be the reason; the others must not be lost with it.
                if calls.count > 1 {
                    alone = calls.count
                    continue
                }
                drop(calls, refusal, to: destination)
            } catch {
                // An edit of the configuration, which names another server or experiment, is how people mend a wrong one: until then
                // traces wait.
                guard destination != current() else {
                    logger.warning("traces can't be logged; they wait", metadata: metadata(destination, error))
                    return false
                }
                drop(calls, error, to: destination)
            }
            alone = max(0, alone - 1)
        }
        return false
    }

    private func drop(_ calls: [FinishedCall], _ reason: any Error, to destination: TraceSettings.Destination) {
        for call in calls {
            logger.error(
                "a trace is dropped: the tracking server doesn't take it",
                metadata: metadata(destination, reason).merging(["request_id": "\(call.requestID)"]) { $1 })
        }
        queue.removeFirst(calls.count, for: destination, areLogged: false)
    }

    /// - Throws: `RefusedTraces` when these traces are refused, another error when no traces can be logged at the moment.
    private func send(_ calls: [FinishedCall], to destination: TraceSettings.Destination) async throws {
        let peer = try peer(destination)
        let json = await offEventLoop { Self.request(calls.flatMap { TraceSpans(finished: $0).make() }) }
        do {
            try await deliver(json, to: destination, peer)
        } catch let error as ServiceError where error.code.isMissing {
            // The experiment may have been deleted since it was looked up.
            guard experiments.removeValue(forKey: destination) != nil else { throw error }
            try await deliver(json, to: destination, peer)
        }
    }

    private func deliver(_ json: [UInt8], to destination: TraceSettings.Destination, _ peer: ServicePeer) async throws {
        let experiment = try await experiment(destination, peer)
        do {
            try await peer.deliver(["v1", "traces"], headers: [("x-mlflow-experiment-id", experiment)], json: json)
        } catch let error as ServiceError where error.refusesContent {
            throw RefusedTraces(error: error)
        }
    }

    /// OTLP's ExportTraceServiceRequest.
    private static func request(_ spans: [OTLPSpan]) -> [UInt8] {
        var json = JSONWriter(capacity: 64 << 10)
        json.object { json in
            json.name("resourceSpans")
            json.array { json in
                json.object { json in
                    json.name("resource")
                    json.object { json in
                        json.field("attributes", [OTLPAttribute(key: "service.name", value: .string("unladen-gateway"))])
                    }
                    json.name("scopeSpans")
                    json.array { json in json.object { json in json.field("spans", spans) } }
                }
            }
        }
        return json.bytes
    }

    private func peer(_ destination: TraceSettings.Destination) throws -> ServicePeer {
        if let peer = peers[destination] { return peer }
        guard let address = ServiceAddress(destination.trackingURI) else {
            throw ServiceError.invalidParameter("'\(destination.trackingURI)' is not a URL")
        }
        let peer = ServicePeer(name: "tracking", address: address, token: destination.token)
        peers[destination] = peer
        return peer
    }

    /// The experiment's id.
    private func experiment(_ destination: TraceSettings.Destination, _ peer: ServicePeer) async throws -> String {
        if let id = experiments[destination] { return id }
        let api = ["api", "2.0", "mlflow", "experiments"]
        let id: String?
        do {
            let found = try await peer.send(.get, api + ["get-by-name"], query: [("experiment_name", destination.experiment)])
            id = found["experiment"]?["experiment_id"]?.stringValue
        } catch let error as ServiceError where error.code == .resourceDoesNotExist {
            let body = JSONValue.object(JSONObject([.init(name: "name", value: .string(destination.experiment))]))
            do {
                id = try await peer.send(.post, api + ["create"], body: body)["experiment_id"]?.stringValue
            } catch let error as ServiceError where error.code == .resourceAlreadyExists {
                // Another gateway was faster, and is found the next time.
                throw ServiceError.unavailable("The experiment '\(destination.experiment)' is just being made.", cause: error)
            }
        }
        guard let id else { throw ServiceError(.internalError, "the tracking server doesn't tell the experiment's id") }
        experiments[destination] = id
        return id
    }

    private func metadata(_ destination: TraceSettings.Destination, _ error: any Error) -> Logger.Metadata {
        ["tracking_uri": "\(destination.trackingURI)", "experiment": "\(destination.experiment)", "cause": "\(error)"]
    }
}

/// The tracking server has read a request with traces and doesn't take it.
private struct RefusedTraces: Error, CustomStringConvertible {
    var error: ServiceError

    var description: String { "\(error)\(error.cause.map { ": \($0)" } ?? "")" }
}

extension ErrorCode {
    fileprivate var isMissing: Bool { self == .resourceDoesNotExist || self == .notFound }
}

extension ServiceError {
    /// Whether it is about what a request holds, so that the same request would be refused again. What isn't there, or isn't allowed, is
    /// about the server or the experiment.
    fileprivate var refusesContent: Bool {
        let isPassing = code.httpStatus >= 500 || code.httpStatus == 429
        return !isPassing && !code.isMissing && code != .unauthenticated && code != .permissionDenied
    }
}

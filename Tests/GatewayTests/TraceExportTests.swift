import AdapterHost
import Foundation
import JSON
import Logging
import ModelPrices
import Primitives
import SafeText
import ServiceKit
import Synchronization
import Testing
import TestSupport
import WireProtocol

@testable import Gateway

/// How traces are queued, and how they reach a tracking server.
@Suite struct TraceExportTests {
    private static func settings(_ uri: String = "http://127.0.0.1:1", content: Bool = true) -> TraceSettings {
        TraceSettings(
            destination: .init(trackingURI: uri, token: nil, experiment: "e"), samplingRatio: 1, routes: nil, routesLine: 1,
            capturesContent: content, redaction: .standard)
    }

    private static func request(_ body: String, id: String = "id") throws -> InferenceRequest {
        let yaml =
            "endpoints: [{name: e, endpoint_type: llm/v1/embeddings, model: {provider: openai, name: m, config: {openai_api_key: secret}}}]"
        let configuration = try ConfigurationReader(catalog: ConfigurationTests.catalog).read(yaml, ProblemList(file: "f"))
        let table = try RouteTable(configuration, file: "f", catalog: ConfigurationTests.catalog, previous: nil)
        return InferenceRequest(
            route: try #require(table["e"]), caller: Caller(address: "::1"), dialect: .openAI(.embeddings), streams: false,
            body: Array(body.utf8), json: try #require(try JSONValue(parsing: body).objectValue), headers: [], requestID: id,
            time: UnixMilliseconds(now * 1000))
    }

    private static let span = RequestSpan(.system)

    private static func completed(
        _ body: String, id: String = "id", _ settings: TraceSettings = settings(), response: [[UInt8]] = [],
        attempts: [RequestTrace.AttemptRecord] = []
    ) throws -> CompletedRequest {
        CompletedRequest(
            try request(body, id: id), settings, span, record: UsageRecord(sequence: 1, at: UnixMilliseconds(now * 1000), route: "e"),
            cost: nil, end: .now, attempts: attempts, response: response, error: nil)
    }

    // MARK: The queue

    @Test(arguments: [true, false])
    func `A queued trace keeps only the bytes of its request, and these only if content is captured`(content: Bool) throws {
        let queue = TraceQueue()
        let body = #"{"input": [\#(String(repeating: "1,", count: 100_000))1], "user": "alice"}"#
        weak var kept: InferenceRequest?
        do {
            let request = try Self.request(body)
            kept = request
            let trace = RequestTrace(request, Self.settings(content: content), Self.span, queue: queue)
            trace.close(UsageRecord(sequence: 1, at: UnixMilliseconds(now * 1000), route: "e"), cost: nil)
        }
        #expect(kept == nil)
        let waiting = try #require(queue.first(for: Self.settings().destination, limit: 0).first)
        #expect(waiting.content == (content ? .bytes(Array(body.utf8)) : nil))
        #expect(waiting.user == "alice")
        #expect(content ? waiting.size >= body.utf8.count : waiting.size < 4096)
    }

    @Test func `The size of a queued trace includes strings, attempts and each part of the response`() throws {
        let small = try Self.completed("{}").size
        #expect(try Self.completed("{}", response: Array(repeating: Array("ab".utf8), count: 1000)).size >= small + 1000 * 34)
        #expect(try Self.completed(#"{"user": "\#(String(repeating: "u", count: 900))"}"#).size >= small + 900)
    }

    @Test func `A request that is too large for the queue is represented by its size`() throws {
        let body = #"{"input": "\#(String(repeating: "x", count: CompletedRequest.contentLimit))"}"#
        let completed = try Self.completed(body)
        #expect(completed.size < 4096)
        let attributes = try Self.attributes(completed)
        #expect(attributes["mlflow.spanInputs"] == .string("(\(body.utf8.count) bytes)"))
    }

    // MARK: Export

    /// Returns the string attributes of the root span.
    private static func attributes(_ completed: CompletedRequest) throws -> [String: JSONValue] {
        let span = try #require(TraceSpanBuilder(request: completed).build().first)
        return Dictionary(
            span.attributes.compactMap { attribute in
                attribute.value.text.map { (attribute.key, .string($0)) }
            }, uniquingKeysWith: { $1 })
    }

    @Test func `A trace that is sent again keeps its ids`() throws {
        let one = RequestTrace.AttemptRecord(endpoint: "e", provider: "p", model: "m", begin: .now)
        let completed = try Self.completed("{}", attempts: [one, one])
        let (first, second) = (TraceSpanBuilder(request: completed).build(), TraceSpanBuilder(request: completed).build())
        #expect(first.map(\.spanID) == second.map(\.spanID))
        #expect(Set(first.map(\.spanID)).count == 3)
        for spans in [first, second] { #expect(spans.allSatisfy { Hex.encode($0.traceID) == Self.span.traceID.hexDigits }) }
    }

    @Test func `A trace has few values and little nesting, whatever the request has`() throws {
        let deep = String(repeating: "[", count: 90) + String(repeating: "]", count: 90)
        let body = #"{"input":[\#(String(repeating: "7,", count: 50_000))7],"metadata":{"deep":\#(deep)}}"#
        let response = #"{"data":[{"embedding":[\#(String(repeating: "0.5,", count: 50_000))0.5]}]}"#
        let completed = try Self.completed(body, response: [Array(response.utf8)])
        let spans = TraceSpanBuilder(request: completed).build()
        let bytes = try #require(spans.first).jsonBytes()
        #expect(try JSONValue(parsing: bytes, limits: JSONLimits(maximumNodes: 300, maximumDepth: 10)).nodeCount < 300)
        let attributes = try Self.attributes(completed)
        #expect(try JSONValue(parsing: attributes["mlflow.spanInputs"]?.stringValue ?? "") == JSONValue(parsing: body))
        #expect(try JSONValue(parsing: attributes["mlflow.spanOutputs"]?.stringValue ?? "") == JSONValue(parsing: response))
    }

    /// A tracking server that rejects requests containing a word, with an error like FastAPI's and Unladen's OTLP endpoint's.
    private static func tracking(_ status: Int, refusing word: String, _ received: ReceivedTraces)
        -> @Sendable (ScriptedRequest) -> ScriptedResponse
    {
        { request in
            guard request.path == "/v1/traces" else { return ScriptedResponse(#"{"experiment": {"experiment_id": "7"}}"#) }
            if request.body.contains(word) { return ScriptedResponse(status, #"{"detail": "The request exceeds a limit."}"#) }
            received.add(request.body)
            return ScriptedResponse("")
        }
    }

    private final class ReceivedTraces: Sendable {
        private let ids = Mutex<Set<String>>([])

        var all: Set<String> { ids.withLock { $0 } }

        func add(_ body: String) {
            for id in ["first", "second", "third", "fourth"] where body.contains(id) { ids.withLock { _ = $0.insert(id) } }
        }
    }

    /// The numbers of pending, logged and dropped traces.
    private static func counts(_ queue: TraceQueue) -> [Int64] {
        let counts = queue.counts
        return [Int64(counts.pending), counts.logged, counts.dropped]
    }

    /// Runs an exporter while `body` runs, then shuts it down.
    ///
    /// - Returns: the log.
    private static func export(
        _ queue: TraceQueue, current: TraceSettings.Destination, clock: ManualClock = ManualClock(),
        _ body: (ManualClock) async throws -> Void
    ) async throws -> String {
        let lines = LogLines()
        let logger = Logger(service: "test", level: .debug, format: .text) { line in lines.all.withLock { $0.append(line) } }
        let exporter = TraceExporter(queue: queue, current: { current }, clock: clock, logger: logger)
        try await withServices([exporter]) { try await body(clock) }
        return lines.text
    }

    /// Lets the exporter run a number of times.
    ///
    /// - Returns: the pauses before the runs and after the last one.
    @discardableResult
    private static func runs(_ count: Int, _ clock: ManualClock) async -> [Duration] {
        var pauses = await clock.sleepers()
        for _ in 0..<count {
            clock.advance(by: pauses.last ?? .zero)
            pauses += await clock.sleepers()
        }
        return pauses
    }

    private final class LogLines: Sendable {
        let all = Mutex<[String]>([])

        var text: String { all.withLock { $0.joined(separator: "\n") } }
    }

    @Test(arguments: [400, 413, 422])
    func `Only the trace that makes the server reject a batch is dropped, and the others arrive`(status: Int) async throws {
        let received = ReceivedTraces()
        try await withScriptedServer(Self.tracking(status, refusing: "poison", received)) { uri in
            let queue = TraceQueue()
            let settings = Self.settings(uri)
            for (id, input) in [("first", "a"), ("second", "poison"), ("third", "b")] {
                queue.add(try Self.completed(#"{"input": "\#(input)"}"#, id: id, settings))
            }
            let log = try await Self.export(queue, current: settings.destination) { clock in
                await Self.runs(1, clock)
                #expect(Self.counts(queue) == [0, 2, 1])
            }
            for text in ["second", "dropped a trace", "The request exceeds a limit."] { #expect(log.contains(text), "\(log)") }
        }
        #expect(received.all == ["first", "third"])
    }

    @Test(arguments: [401, 403, 404, 429, 500, 503])
    func `Traces wait while the server rejects all traces`(status: Int) async throws {
        try await withScriptedServer(Self.tracking(status, refusing: "a", ReceivedTraces())) { uri in
            let queue = TraceQueue()
            let settings = Self.settings(uri)
            queue.add(try Self.completed("{}", id: "first", settings))
            let log = try await Self.export(queue, current: settings.destination) { await Self.runs(1, $0) }
            #expect(Self.counts(queue) == [1, 0, 0])
            #expect(log.contains("they stay queued"))
        }
    }

    @Test func `The pauses grow up to half a minute while the server rejects all traces`() async throws {
        try await withScriptedServer(Self.tracking(503, refusing: "a", ReceivedTraces())) { uri in
            let queue = TraceQueue()
            let settings = Self.settings(uri)
            queue.add(try Self.completed("{}", id: "first", settings))
            _ = try await Self.export(queue, current: settings.destination) { clock in
                #expect(await Self.runs(7, clock).map { $0 / .seconds(1) } == [0.5, 1, 2, 4, 8, 16, 30, 30])
            }
        }
    }

    // MARK: The shutdown

    @Test func `Traces that wait at the shutdown are sent`() async throws {
        let received = ReceivedTraces()
        try await withScriptedServer(Self.tracking(400, refusing: "poison", received)) { uri in
            let queue = TraceQueue()
            let settings = Self.settings(uri)
            for id in ["first", "second"] { queue.add(try Self.completed("{}", id: id, settings)) }
            let log = try await Self.export(queue, current: settings.destination) { await Self.runs(0, $0) }
            #expect(Self.counts(queue) == [0, 2, 0])
            #expect(log.isEmpty)
        }
        #expect(received.all == ["first", "second"])
    }

    @Test func `The shutdown waits three seconds for a server that doesn't respond`() async throws {
        let clock = ManualClock()
        let (end, ending) = AsyncStream.makeStream(of: Never.self)
        let tracking = Self.tracking(400, refusing: "poison", ReceivedTraces())
        try await withScriptedServer({ request in
            if request.path == "/v1/traces" {
                #expect(await clock.sleepers() == [.seconds(3)])
                clock.advance(by: .seconds(3))
                for await _ in end {}
            }
            return tracking(request)
        }) { uri in
            defer { ending.finish() }
            let queue = TraceQueue()
            let settings = Self.settings(uri)
            queue.add(try Self.completed("{}", id: "first", settings))
            let log = try await Self.export(queue, current: settings.destination, clock: clock) { await Self.runs(0, $0) }
            #expect(Self.counts(queue) == [1, 0, 0])
            #expect(log.contains("dropped traces"))
        }
    }
}

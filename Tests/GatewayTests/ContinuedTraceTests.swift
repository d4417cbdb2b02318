import AdapterHost
import HTTPTypes
import JSON
import SafeText
import ServiceKit
import Synchronization
import Testing
import TestSupport

@testable import Gateway

/// Requests that belong to a client's trace.
@Suite struct ContinuedTraceTests {
    private static let traceID = "0af7651916cd43dd8448eb211c80319c"
    private static let parentID = "b7ad6b7169203331"

    private static func traceparent(_ flags: String = "01") -> String { "00-\(traceID)-\(parentID)-\(flags)" }

    private static func span(_ flags: String = "01", random: UInt64? = nil) throws -> RequestSpan {
        let parent = try #require(TraceContext(traceparent: traceparent(flags)))
        return RequestSpan(random.map { value in RandomSource { value } } ?? .system, parent: parent)
    }

    // MARK: IDs

    @Test(arguments: [0, 1, UInt64.max, UInt64.max - 1])
    func `IDs are neither zero nor overflow, whatever the random numbers are`(number: UInt64) throws {
        let own = RequestSpan(RandomSource { number })
        #expect(own.traceID != 0 && own.parent == nil)
        let continued = try Self.span(random: number)
        #expect(continued.traceID.hexDigits == Self.traceID)
        for span in [own, continued] {
            #expect(span.id != 0)
            #expect(span.attemptID(1_000_000) == span.id + 1_000_000)
        }
    }

    @Test func `Two requests of a trace have different spans`() throws {
        #expect(try Self.span().id != Self.span().id)
    }

    @Test(arguments: [("00", false, "00"), ("00", true, "01"), ("01", false, "01"), ("01", true, "01"), ("02", true, "03")])
    func `A provider gets the trace with the attempt's span, sampled if the client or the gateway records it`(
        flags: String, isRecorded: Bool, passed: String
    ) throws {
        let span = try Self.span(flags)
        #expect(
            span.traceparent(ofAttempt: 2, isRecorded: isRecorded)
                == "00-\(Self.traceID)-\(span.attemptID(2).hexDigits)-\(passed)")
    }

    @Test func `Without a client's trace, a provider gets none`() {
        #expect(RequestSpan(.system).traceparent(ofAttempt: 1, isRecorded: true) == nil)
    }

    // MARK: Requests

    /// A gateway whose provider and tracking server are the same scripted server.
    private static func run(
        traces: String = "", _ body: @escaping @Sendable (GatewayServer) async throws -> Void
    ) async throws -> [ScriptedRequest] {
        let requests = Mutex<[ScriptedRequest]>([])
        let script: @Sendable (ScriptedRequest) -> ScriptedResponse = { request in
            requests.withLock { $0.append(request) }
            switch request.path {
            case "/v1/traces": return ScriptedResponse("")
            case "/v1/chat/completions":
                let attempts = requests.withLock { $0.count { $0.path == request.path } }
                // The first attempt fails.
                guard attempts > 1 else { return ScriptedResponse(503, #"{"error": {"message": "later"}}"#) }
                let message = #"{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}"#
                return ScriptedResponse(#"{"id": "1", "object": "chat.completion", "choices": [\#(message)]}"#)
            default: return ScriptedResponse(#"{"experiment": {"experiment_id": "7"}}"#)
            }
        }
        try await withScriptedServer(script) { url in
            let yaml = GatewayServer.endpoint(at: url).replacing("attempts: 0", with: "attempts: 1, backoff: 0.001s")
            try await GatewayServer.run(yaml + traces.replacing("URL", with: url), body)
        }
        return requests.withLock { $0 }
    }

    /// The first of the providers' requests fails, so there are two attempts.
    private static func ask(_ gateway: GatewayServer, _ headers: [(name: String, value: String)]) async throws {
        let response = try await gateway.api.send(.post, "/v1/chat/completions", GatewayServer.question, headers: headers)
        #expect(response.status == 200, "\(response.text)")
    }

    @Test func `Each attempt has its own span, and providers get neither tracestate nor baggage`() async throws {
        let requests = try await Self.run { gateway in
            try await Self.ask(gateway, [("traceparent", Self.traceparent()), ("tracestate", "a=1"), ("baggage", "user=alice")])
            #expect(gateway.log.contains("trace_id=\(Self.traceID)"), "\(gateway.log)")
        }
        let sent = try requests.map { try #require($0.headers["traceparent"]) }
        let contexts = try sent.map { try #require(TraceContext(traceparent: $0)) }
        #expect(contexts.map(\.traceID.hexDigits) == [Self.traceID, Self.traceID])
        #expect(contexts.map(\.flags) == [.sampled, .sampled])
        #expect(contexts[1].parentID == contexts[0].parentID + 1)
        #expect(!contexts.map(\.parentID.hexDigits).contains(Self.parentID))
        #expect(requests.allSatisfy { $0.headers["tracestate"] == nil && $0.headers["baggage"] == nil })
    }

    @Test(arguments: ["", "01", "00-\(traceID)-0000000000000000-01"])
    func `Without a valid traceparent providers get none`(header: String) async throws {
        let requests = try await Self.run { gateway in
            try await Self.ask(gateway, [("traceparent", header), ("tracestate", "a=1")])
            #expect(!gateway.log.contains("trace_id"))
        }
        #expect(requests.count == 2)
        #expect(requests.allSatisfy { $0.headers["traceparent"] == nil && $0.headers["tracestate"] == nil })
    }

    // MARK: The gateway's own traces

    private static let settings = "traces: {tracking_uri: URL, experiment: e}\n"

    /// The spans of each export, in order.
    private static func exports(_ requests: [ScriptedRequest]) throws -> [[JSONValue]] {
        try requests.filter { $0.path == "/v1/traces" }.map { request in
            let resource = try JSONValue(parsing: request.body)["resourceSpans"]?.arrayValue?.first
            return resource?["scopeSpans"]?.arrayValue?.first?["spans"]?.arrayValue ?? []
        }
    }

    private static func keys(_ span: JSONValue) -> [String] {
        (span["attributes"]?.arrayValue ?? []).compactMap { $0["key"]?.stringValue }
    }

    @Test(arguments: ["00", "01"])
    func `The exported trace continues the client's, whether or not that is sampled`(flags: String) async throws {
        let requests = try await Self.run(traces: Self.settings) { gateway in
            try await Self.ask(gateway, [("traceparent", Self.traceparent(flags))])
        }
        let exports = try Self.exports(requests)
        #expect(exports.map(\.count) == [1, 3])
        let (first, root) = (try #require(exports.first?.first), try #require(exports.last?.first))
        #expect(exports.joined().allSatisfy { $0["traceId"]?.stringValue == Self.traceID })
        // A server takes the previews and tags from a span without a parent, which the client's server may not get from the client.
        #expect(first["parentSpanId"] == nil && root["parentSpanId"]?.stringValue == Self.parentID)
        #expect(first["spanId"] == root["spanId"] && first["attributes"] == root["attributes"])
        #expect(root["kind"] == 2 && Self.keys(root).contains("mlflow.spanInputs") && Self.keys(root).contains("mlflow.spanOutputs"))
        #expect(!Self.keys(root).contains("mlflow.traceTag.mlflow.traceName"))
        let attempts = try #require(exports.last).dropFirst()
        #expect(attempts.allSatisfy { $0["parentSpanId"] == root["spanId"] && $0["kind"] == 3 })
        // A provider's own spans are below those of the attempts.
        let sent = requests.compactMap { $0.headers["traceparent"].flatMap { TraceContext(traceparent: $0) } }
        #expect(sent.map(\.parentID.hexDigits) == attempts.map { $0["spanId"]?.stringValue })
        #expect(sent.allSatisfy { $0.flags.contains(.sampled) })
    }

    @Test func `Without a client's trace the gateway begins one with a name`() async throws {
        let requests = try await Self.run(traces: Self.settings) { gateway in try await Self.ask(gateway, []) }
        let exports = try Self.exports(requests)
        #expect(exports.map(\.count) == [3])
        let root = try #require(exports.first?.first)
        #expect(root["traceId"]?.stringValue?.utf8.count == 32 && root["parentSpanId"] == nil && root["kind"] == 2)
        #expect(Self.keys(root).contains("mlflow.traceTag.mlflow.traceName"))
    }

    @Test func `The gateway's own sampling decides also about a sampled trace`() async throws {
        let settings = "traces: {tracking_uri: URL, experiment: e, sample: 0}\n"
        let requests = try await Self.run(traces: settings) { gateway in
            try await Self.ask(gateway, [("traceparent", Self.traceparent("01"))])
        }
        #expect(try Self.exports(requests).isEmpty)
    }
}

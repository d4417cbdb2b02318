import AdapterHost
import Database
import Foundation
import GatewayFormats
import JSON
import Primitives
import ServiceKit
import Synchronization
import Testing
import TestSupport
import WireProtocol

@testable import Gateway

/// Responses that are billed but not delivered, in the ledger and in a budget.
@Suite struct BilledFailureTests {
    /// A row of the ledger.
    private struct Row: Equatable {
        var prompt: Int64?
        var completion: Int64?
        /// In billionths of a dollar.
        var cost: Int64?
        var status: Int64
        var attempts: Int64
        var flags: Int64
    }

    private struct Ledger: Sendable {
        var rows: [Row] = []
        /// In billionths of a dollar.
        var spent: Int64 = 0
        var report = UsageReport.Row()
    }

    /// Sends a request to a route with a second endpoint, whose provider returns the given responses in turn.
    private func ledger(_ responses: [String], task: String = "chat", body: String = chat, fallback: Bool = true) async throws -> Ledger {
        let left = Mutex(responses)
        let result = Mutex(Ledger())
        let script: @Sendable (ScriptedRequest) -> ScriptedResponse = { _ in ScriptedResponse(left.withLock { $0.removeFirst() }) }
        try await withScriptedServer(script) { url in
            let model = "model: {provider: openai, name: m, config: {openai_api_key: secret-key, openai_api_base: \"\(url)/v1\"}}"
            let yaml = """
                retries: {attempts: 2}
                endpoints:
                  - {name: first, endpoint_type: llm/v1/\(task), \(fallback ? "fallback: [second], " : "")\(model)}
                  - {name: second, endpoint_type: llm/v1/\(task), \(model)}
                prices: {m: {input: 1, output: 2}}
                budgets: [{name: b, usd: 1000, per: day}]
                """
            let configuration = try ConfigurationReader(catalog: ConfigurationTests.catalog).read(yaml, ProblemList(file: "f"))
            let table = try RouteTable(configuration, file: "f", catalog: ConfigurationTests.catalog, previous: nil)
            try await GatewayFixture.run(on: .sqlite) { fixture in
                let usageRecorder = try await fixture.usageRecorder()
                let pipeline = InferencePipeline(
                    usageRecorder: usageRecorder, upstream: UpstreamClient(), cache: ResponseCache(), metrics: GatewayFixture.metrics,
                    traces: TraceQueue(), random: .system, logger: GatewayFixture.logger)
                let request = InferenceRequest(
                    route: try #require(table["first"]), caller: Caller(address: "::1"),
                    dialect: .openAI(task == "chat" ? .chat : .embeddings),
                    streams: false, body: Array(body.utf8), json: try #require(try JSONValue(parsing: body).objectValue), headers: [],
                    requestID: "id", time: UnixMilliseconds(now * 1000))
                _ = try? await pipeline.run(request, table: table, cancellation: CancellationHandle())
                await usageRecorder.close()
                var ledger = Ledger()
                ledger.rows = try await fixture.database.read { connection in
                    try connection.rows(
                        "SELECT prompt_tokens, completion_tokens, cost, status, attempts, flags FROM usage ORDER BY flags, cost"
                    ) {
                        Row(
                            prompt: $0.optionalInt(0), completion: $0.optionalInt(1), cost: $0.optionalInt(2), status: $0.int(3),
                            attempts: $0.int(4), flags: $0.int(5))
                    }
                }
                ledger.spent = try await fixture.taken("b").spent
                let query = try UsageQuery([], now: UnixMilliseconds(now * 1000))
                ledger.report = try await UsageReports(database: fixture.database).report(query).total
                result.withLock { [ledger] in $0 = ledger }
            }
        }
        return result.withLock { $0 }
    }

    private static let chat = #"{"model": "first", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 10}"#
    /// 100,000 tokens at 1 dollar and 50 at 2 dollars per million.
    private static let usage = #""usage":{"prompt_tokens":100000,"completion_tokens":50,"total_tokens":100050}"#
    private static let error = #"{"error":{"message":"x"},\#(usage)}"#
    private static let response =
        #"{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#
    private static let billed: Int64 = 100_100_000
    private static let small: Int64 = 20_000
    private static let reserved: Int64 = (16 + 5) * 1000 + 10 * 2000

    @Test func `An error with a status of 200 is recorded with the usage that it reports`() async throws {
        let ledger = try await ledger([Self.error], fallback: false)
        #expect(ledger.rows == [Row(prompt: 100_000, completion: 50, cost: Self.billed, status: 502, attempts: 1, flags: 0)])
        #expect(ledger.spent == Self.billed)
    }

    @Test func `An earlier attempt has its own row and doesn't count as a request`() async throws {
        let ledger = try await ledger([Self.error, Self.response])
        #expect(
            ledger.rows == [
                Row(prompt: 10, completion: 5, cost: Self.small, status: 200, attempts: 2, flags: 0),
                Row(prompt: 100_000, completion: 50, cost: Self.billed, status: 502, attempts: 0, flags: 64),
            ])
        #expect(ledger.spent == Self.billed + Self.small)
        #expect(ledger.report.requests == 1)
        #expect(ledger.report.errors == 0)
        #expect(ledger.report.promptTokens == 100_010)
        #expect(ledger.report.cost == Double(Self.billed + Self.small) / 1e9)
    }

    @Test func `Both attempts are recorded when both fail`() async throws {
        let ledger = try await ledger([Self.error, Self.error])
        #expect(ledger.rows.map(\.cost) == [Self.billed, Self.billed])
        #expect(ledger.rows.map(\.flags) == [0, 64])
        #expect(ledger.spent == 2 * Self.billed)
    }

    @Test func `The usage of an unreadable response is estimated, and limits count its maximum cost`() async throws {
        let ledger = try await ledger([#"{"id":"#, Self.response])
        // 21 bytes of prompt are about six tokens, and six bytes of response are two.
        #expect(
            ledger.rows == [
                Row(prompt: 10, completion: 5, cost: Self.small, status: 200, attempts: 2, flags: 0),
                Row(prompt: 6, completion: 2, cost: 10_000, status: 502, attempts: 0, flags: 64 + 8),
            ])
        #expect(ledger.spent == Self.reserved + Self.small)
    }

    @Test func `A long unreadable response has at most the requested number of tokens`() async throws {
        let ledger = try await ledger([String(repeating: "x", count: 10_000)], fallback: false)
        #expect(ledger.rows.map(\.completion) == [10])
    }
}

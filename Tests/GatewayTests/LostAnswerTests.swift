import Database
import Foundation
import GatewayFormats
import JSON
import PluginHost
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import Gateway

/// Answers that are billed though nobody gets them: what the ledger and a budget say of them.
@Suite struct LostAnswerTests {
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

    private struct Books: Sendable {
        var rows: [Row] = []
        /// In billionths of a dollar.
        var spent: Int64 = 0
        var report: JSONValue = .null
    }

    /// Asks a route with a second endpoint, whose provider gives these answers in turn.
    private func books(_ answers: [String], task: String = "chat", body: String = chat, fallback: Bool = true) async throws -> Books {
        let left = Mutex(answers)
        let result = Mutex(Books())
        let script: @Sendable (ScriptedRequest) -> ScriptedAnswer = { _ in ScriptedAnswer(left.withLock { $0.removeFirst() }) }
        try await withServer(script) { url in
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
                let accounts = try await fixture.accounts()
                let runner = CallRunner(
                    accounts: accounts, upstream: UpstreamClient(), cache: ResponseCache(), metrics: GatewayMetrics(), traces: TraceQueue(),
                    random: .system, logger: GatewayFixture.logger)
                let call = GatewayCall(
                    route: try #require(table["first"]), caller: Caller(address: "::1"), shape: .plain(task == "chat" ? .chat : .embeddings),
                    streams: false, body: Array(body.utf8), request: try #require(try JSONValue(parsing: body).objectValue), headers: [],
                    requestID: "id", time: now * 1000)
                _ = try? await runner.run(call, table: table, handle: CallHandle())
                await accounts.close()
                var books = Books()
                books.rows = try await fixture.database.read { connection in
                    try connection.rows(
                        "SELECT prompt_tokens, completion_tokens, cost, status, attempts, flags FROM usage ORDER BY flags, cost"
                    ) {
                        Row(
                            prompt: $0.optionalInt(0), completion: $0.optionalInt(1), cost: $0.optionalInt(2), status: $0.int(3),
                            attempts: $0.int(4), flags: $0.int(5))
                    }
                }
                books.spent = try await fixture.taken("b").spent
                let query = try UsageQuery([], now: now * 1000)
                books.report = try #require(try await UsageReports(database: fixture.database).report(query)["total"])
                result.withLock { [books] in $0 = books }
            }
        }
        return result.withLock { $0 }
    }

    private static let chat = #"{"model": "first", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 10}"#
    /// 100,000 tokens at 1 and 50 at 2 dollars a million.
    private static let usage = #""usage":{"prompt_tokens":100000,"completion_tokens":50,"total_tokens":100050}"#
    private static let error = #"{"error":{"message":"x"},\#(usage)}"#
    private static let answer =
        #"{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"# +
            #""usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#
    private static let billed: Int64 = 100_100_000
    private static let small: Int64 = 20_000
    private static let reserved: Int64 = (16 + 5) * 1000 + 10 * 2000

    @Test func `An error with a status of 200 is booked with what it tells`() async throws {
        let books = try await books([Self.error], fallback: false)
        #expect(books.rows == [Row(prompt: 100_000, completion: 50, cost: Self.billed, status: 502, attempts: 1, flags: 0)])
        #expect(books.spent == Self.billed)
    }

    @Test func `An earlier try has a row of its own, and is no request`() async throws {
        let books = try await books([Self.error, Self.answer])
        #expect(
            books.rows == [
                Row(prompt: 10, completion: 5, cost: Self.small, status: 200, attempts: 2, flags: 0),
                Row(prompt: 100_000, completion: 50, cost: Self.billed, status: 502, attempts: 0, flags: 64),
            ])
        #expect(books.spent == Self.billed + Self.small)
        #expect(books.report["requests"] == 1)
        #expect(books.report["errors"] == 0)
        #expect(books.report["prompt_tokens"] == 100_010)
        #expect(books.report["cost_usd"]?.doubleValue == Double(Self.billed + Self.small) / 1e9)
    }

    @Test func `Both tries are booked when both fail`() async throws {
        let books = try await books([Self.error, Self.error])
        #expect(books.rows.map(\.cost) == [Self.billed, Self.billed])
        #expect(books.rows.map(\.flags) == [0, 64])
        #expect(books.spent == 2 * Self.billed)
    }

    @Test func `An answer that can't be read is estimated, and counts as what it may cost`() async throws {
        let books = try await books([#"{"id":"#, Self.answer])
        // 21 bytes of a prompt are about six tokens, and six of an answer are two.
        #expect(
            books.rows == [
                Row(prompt: 10, completion: 5, cost: Self.small, status: 200, attempts: 2, flags: 0),
                Row(prompt: 6, completion: 2, cost: 10_000, status: 502, attempts: 0, flags: 64 + 8),
            ])
        #expect(books.spent == Self.reserved + Self.small)
    }

    @Test func `A long answer that can't be read has no more tokens than were asked for`() async throws {
        let books = try await books([String(repeating: "x", count: 10_000)], fallback: false)
        #expect(books.rows.map(\.completion) == [10])
    }
}

import AdapterHost
import Foundation
import GatewayFormats
import HTTPServer
import JSON
import Logging
import ServiceKit
import Synchronization
import Testing
import TestSupport
import WireProtocol

@testable import Gateway

/// Responses that the gateway can't read or store, but that the provider bills.
@Suite struct UndeliverableResponseTests {
    /// A gateway with two endpoints at one provider, which counts its requests.
    private struct Setup: Sendable {
        let table: RouteTable
        let pipeline: InferencePipeline

        func request(_ body: String, _ dialect: APIDialect, memory: RequestMemory? = nil) throws -> InferenceRequest {
            InferenceRequest(
                route: try #require(table["first"]), caller: Caller(address: "::1"), dialect: dialect, streams: false,
                body: Array(body.utf8),
                json: try #require(try JSONValue(parsing: body).objectValue), headers: [], requestID: "id", time: now * 1000, memory: memory
            )
        }

        /// The error that the client receives; `nil` for a successful response.
        func error(_ request: InferenceRequest) async -> ServiceError? {
            do {
                _ = try await pipeline.run(request, table: table, cancellation: CancellationHandle())
                return nil
            } catch {
                return ServiceError(error)
            }
        }

        /// Whether no endpoint is in a cooldown.
        func areHealthy() throws -> Bool {
            try ["first", "second"].allSatisfy { try #require(table[$0]).destinations.allSatisfy(\.target.health.isAvailable) }
        }
    }

    private final class RequestCounter: Sendable {
        private let value = Mutex(0)

        var count: Int { value.withLock { $0 } }

        func increment() { value.withLock { $0 += 1 } }
    }

    /// - Parameter spent: the amount spent from the budget in the end, in billionths of a dollar.
    private static func run(
        _ response: String, task: String = "chat", spent: Int64? = nil,
        _ body: @escaping @Sendable (Setup, RequestCounter) async throws -> Void
    ) async throws {
        let count = RequestCounter()
        let script: @Sendable (ScriptedRequest) -> ScriptedResponse = { _ in
            count.increment()
            return ScriptedResponse(response)
        }
        try await withScriptedServer(script) { url in
            let model = "model: {provider: openai, name: m, config: {openai_api_key: secret-key, openai_api_base: \"\(url)/v1\"}}"
            let yaml = """
                retries: {attempts: 2}
                endpoints:
                  - {name: first, endpoint_type: llm/v1/\(task), fallback: [second], \(model)}
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
                try await body(Setup(table: table, pipeline: pipeline), count)
                await usageRecorder.close()
                if let spent { #expect(try await fixture.taken("b").spent == spent) }
            }
        }
    }

    private static let chat = #"{"model": "first", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 10}"#

    private static func response(_ text: String) -> String {
        #"{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110}}"#
    }

    // MARK: Memory

    @Test func `A response for which no memory is left isn't the provider's fault, isn't retried, and counts with its maximum cost`()
        async throws
    {
        let reserved = TokenBound(try #require(try JSONValue(parsing: Self.chat).objectValue)).prompt * 1000 + 10 * 2000
        try await Self.run(Self.response(String(repeating: "x", count: 500_000)), spent: 6 * reserved) { setup, provider in
            let budget = MemoryBudget(limit: 1 << 20)
            let others = RequestMemory(of: budget)
            try others.reserve(900_000)
            for count in 1...6 {
                let error = await setup.error(try setup.request(Self.chat, .openAI(.chat), memory: RequestMemory(of: budget)))
                #expect(error?.status == 503)
                #expect(error?.code == .temporarilyUnavailable)
                #expect(error?.retryAfter == 1)
                #expect(provider.count == count)
            }
            #expect(try setup.areHealthy())
            #expect(budget.used == 900_000)
        }
    }

    @Test func `A response that needs more memory than is available for all requests is too large`() async throws {
        try await Self.run(Self.response(String(repeating: "x", count: 500_000))) { setup, provider in
            let error = await setup.error(
                try setup.request(Self.chat, .openAI(.chat), memory: RequestMemory(of: MemoryBudget(limit: 400_000))))
            #expect(error?.status == 502)
            #expect(error?.retryAfter == nil)
            #expect(error?.message.contains("exceeds a limit of the gateway") == true)
            #expect(provider.count == 1)
        }
    }

    @Test func `The memory for decoding a response is reserved in advance`() async throws {
        // Three copies of its bytes fit, but its parsed values don't.
        let numbers = String(repeating: "0,", count: 50_000) + "0"
        try await Self.run(#"{"data":[{"embedding":[\#(numbers)]}],"usage":{"prompt_tokens":1,"total_tokens":1}}"#, task: "embeddings") {
            setup, provider in
            let budget = MemoryBudget(limit: 8 << 20)
            let others = RequestMemory(of: budget)
            try others.reserve(7 << 20)
            let body = #"{"model": "first", "input": "Hello"}"#
            let error = await setup.error(try setup.request(body, .openAI(.embeddings), memory: RequestMemory(of: budget)))
            #expect(error?.status == 503)
            #expect(provider.count == 1)
        }
    }

    // MARK: Responses that can't be converted to the client's format

    @Test func `A complete response that can't be converted to the client's format isn't retried`() async throws {
        // The reported usage counts.
        let response = #"{"data":[{"embedding":"x"}],"usage":{"prompt_tokens":100,"total_tokens":100}}"#
        try await Self.run(response, task: "embeddings", spent: 100_000) { setup, provider in
            let error = await setup.error(try setup.request(#"{"model": "first", "input": "Hello"}"#, try Self.dialect()))
            #expect(error?.status == 502)
            #expect(error?.message == "The provider's response has no embeddings.")
            #expect(provider.count == 1)
        }
    }

    private static func dialect() throws -> APIDialect { .mlflow25(try MLflow25Request(["text": "x"], for: .embeddings), .embeddings) }

    private func convert(_ response: String) async throws -> [UInt8] {
        let result = Mutex<Result<[UInt8], any Error>?>(nil)
        try await Self.run("{}", task: "embeddings") { setup, _ in
            let target = try #require(setup.table["first"]?.destinations.first?.target)
            let found = Result { try Self.dialect().response(Array(response.utf8), of: .embeddings, from: target) }
            result.withLock { $0 = found }
        }
        return try #require(result.withLock { $0 }).get()
    }

    @Test func `A response may have as many embeddings as MLflow 2 point 5 allows`() async throws {
        // 650 inputs with 1,540 numbers each.
        let vector = #"{"embedding":[\#(String(repeating: "0,", count: 1539))0]}"#
        let response = #"{"data":[\#(String(repeating: vector + ",", count: 649) + vector)],"usage":{"prompt_tokens":1}}"#
        let bytes = try await convert(response)
        #expect(bytes.count > response.utf8.count / 2)
    }

    @Test func `The error for an unreadable response names the exceeded limit or the JSON error`() async throws {
        let deep = String(repeating: "[", count: 150) + String(repeating: "]", count: 150)
        let limit = await #expect(throws: ServiceError.self) { try await convert(#"{"data":\#(deep)}"#) }
        #expect(limit?.message.hasPrefix("The provider's response exceeds a limit: nested deeper than 100 levels at byte") == true)
        let syntax = await #expect(throws: ServiceError.self) { try await convert("{") }
        #expect(syntax?.message.hasPrefix("The provider's response is not JSON: ") == true)
        let list = await #expect(throws: ServiceError.self) { try await convert("[]") }
        #expect(list?.message == "The provider's response is not a JSON object.")
    }

    // MARK: JSON in strings

    @Test func `The memory for JSON in strings of a large request is reserved as well`() async throws {
        let arguments = JSONValue.string("[" + String(repeating: "0,", count: 40_000) + "0]").jsonString
        for message in [
            #"{"role": "assistant", "tool_calls": [{"function": {"arguments": \#(arguments)}}]}"#,
            #"{"role": "tool", "content": \#(arguments)}"#,
            #"{"role": "tool", "content": [{"type": "text", "text": \#(arguments)}]}"#,
        ] {
            try await Self.run("{}") { setup, provider in
                let budget = MemoryBudget(limit: 1 << 20)
                let request = try setup.request(
                    #"{"model": "first", "messages": [\#(message)]}"#, .openAI(.chat), memory: RequestMemory(of: budget))
                let error = await setup.error(request)
                #expect(error?.status == 400)
                #expect(provider.count == 0)
            }
        }
    }
}

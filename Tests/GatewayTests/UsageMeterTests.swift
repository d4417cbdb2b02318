import AdapterHost
import Database
import Foundation
import GatewayFormats
import JSON
import ServiceKit
import Synchronization
import Testing
import TestSupport
import WireProtocol

@testable import Gateway

/// What a request costs in the ledger and takes from a budget, depending on the usage that the provider reports.
@Suite struct UsageMeterTests {
    /// A row of the ledger.
    private struct Row: Equatable {
        var prompt: Int64?
        var read: Int64?
        var written: Int64?
        var hour: Int64?
        /// In billionths of a dollar.
        var cost: Int64?
        /// What the budget has spent, in billionths of a dollar.
        var spent: Int64
    }

    /// Returns a route table with one endpoint, and with a budget unless `budget` is false.
    private func table(_ provider: String, _ model: String, task: String = "chat", prices: String = "{}", budget: Bool = true) throws
        -> RouteTable
    {
        let key =
            provider == "bedrock"
            ? "aws_config: {aws_region: r, aws_access_key_id: a, aws_secret_access_key: s}" : "\(provider)_api_key: secret"
        let yaml = """
            endpoints:
              - {name: e, endpoint_type: llm/v1/\(task), model: {provider: \(provider), name: "\(model)", config: {\(key)}}}
            prices: \(prices)
            \(budget ? "budgets: [{name: b, usd: 1000, per: day}]" : "")
            """
        let configuration = try ConfigurationReader(catalog: ConfigurationTests.catalog).read(yaml, ProblemList(file: "f"))
        return try RouteTable(configuration, file: "f", catalog: ConfigurationTests.catalog, previous: nil)
    }

    private func request(_ table: RouteTable, _ body: String, _ dialect: APIDialect) throws -> InferenceRequest {
        let request = try #require(try JSONValue(parsing: body).objectValue)
        return InferenceRequest(
            route: try #require(table["e"]), caller: Caller(address: "::1"), dialect: dialect, streams: false, body: Array(body.utf8),
            json: request, headers: [], requestID: "id", time: now * 1000)
    }

    /// Admits a request, and ends it with the usage that the provider reports.
    private func meteredRow(_ table: RouteTable, _ body: String, _ dialect: APIDialect = .openAI(.chat), usage: String?) async throws -> Row
    {
        let result = Mutex<Row?>(nil)
        try await GatewayFixture.run(on: .sqlite) { fixture in
            let usageRecorder = try await fixture.usageRecorder()
            let request = try request(table, body, dialect)
            let (candidates, reservation) = try reserve(request, table)
            try await usageRecorder.rateLimiter.admit(reservation.demands, now: now)
            let meter = try UsageMeter(
                request, reservation, first: candidates.first, usageRecorder: usageRecorder, metrics: GatewayFixture.metrics)
            meter.beginAttempt(try #require(candidates.first))
            if let usage { meter.used(TokenUsage(try JSONValue(parsing: usage))) }
            meter.close(status: 200)
            await usageRecorder.close()
            let row = try await fixture.database.read { connection in
                try connection.first("SELECT prompt_tokens, cached_tokens, cache_write_tokens, cache_write_1h_tokens, cost FROM usage") {
                    Row(
                        prompt: $0.optionalInt(0), read: $0.optionalInt(1), written: $0.optionalInt(2), hour: $0.optionalInt(3),
                        cost: $0.optionalInt(4), spent: 0)
                }
            }
            var found = try #require(row)
            found.spent = try await fixture.taken("b").spent
            result.withLock { $0 = found }
        }
        return try #require(result.withLock { $0 })
    }

    private func reserve(_ request: InferenceRequest, _ table: RouteTable) throws -> ([Target], Reservation) {
        let rules = table.rules(for: request.caller, route: "e")
        let all = request.route.candidates(.system)
        let pricing = InferencePricing(request, all)
        let bound = Reservation.bound(of: request, counting: rules)
        let candidates = try rules.first.map { try pricing.targets(within: $0.rule, prompt: bound.prompt) } ?? all
        return (candidates, Reservation(request, rules, candidates: candidates, pricing: pricing, bound: bound, second: now))
    }

    /// Returns what is reserved for a request, in billionths of a dollar.
    private func reserved(_ table: RouteTable, _ body: String, _ dialect: APIDialect = .openAI(.chat)) throws -> Int64 {
        let (_, reservation) = try reserve(try request(table, body, dialect), table)
        return try #require(reservation.debits.first?.amount)
    }

    private static let chat = #"{"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 10}"#

    private func chat(_ members: String) -> String {
        #"{"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 10, "# + members + "}"
    }

    // MARK: The prompt cache

    @Test(arguments: [
        ("anthropic", "claude-sonnet-4-5", APIDialect.messages), ("anthropic", "claude-sonnet-4-5", .openAI(.chat)),
        ("bedrock", "anthropic.claude-sonnet-4-20250514-v1:0", .openAI(.chat)),
    ])
    func `Prompt cache writes are recorded in addition to reads, at their own prices`(provider: String, model: String, dialect: APIDialect)
        async throws
    {
        let table = try table(provider, model)
        let minutes = try await meteredRow(
            table, Self.chat, dialect, usage: #"{"prompt_tokens": 12307, "completion_tokens": 550, "cache_write_tokens": 12304}"#)
        #expect(minutes == Row(prompt: 12_307, read: nil, written: 12_304, hour: nil, cost: 54_399_000, spent: 54_399_000))
        let hour = try await meteredRow(
            table, Self.chat, dialect,
            usage: """
                {"prompt_tokens": 13307, "completion_tokens": 550, "cached_tokens": 1000, "cache_write_tokens": 12304,
                "cache_write_1h_tokens": 12304}
                """)
        #expect(hour == Row(prompt: 13_307, read: 1000, written: 12_304, hour: 12_304, cost: 82_383_000, spent: 82_383_000))
    }

    @Test func `A budget reserves the most expensive use of the prompt cache`() throws {
        let bound = TokenBound(try #require(try JSONValue(parsing: Self.chat).objectValue)).prompt
        let price = "{claude-x: {input: 3, output: 15}, plain: {input: 3, output: 15}}"
        #expect(try reserved(table("anthropic", "claude-x", prices: price), Self.chat) == bound * 6000 + 10 * 15_000)
        #expect(try reserved(table("openai", "plain", prices: price), Self.chat) == bound * 3000 + 10 * 15_000)
    }

    // MARK: Tiers, tools and other charges

    private static let tiers = "{m: {input: 1, output: 2, service_tiers: {priority: {input: 3, output: 4}}}}"
    private static let reported = #"{"prompt_tokens": 100, "completion_tokens": 10"#

    @Test func `The service tier that the provider reports determines the price, or else the requested one`() async throws {
        let table = try table("openai", "m", prices: Self.tiers)
        let priority = chat(#""service_tier": "priority""#)
        #expect(try await meteredRow(table, priority, usage: Self.reported + "}").cost == 340_000)
        #expect(try await meteredRow(table, priority, usage: Self.reported + #", "service_tier": "default"}"#).cost == 120_000)
        #expect(try await meteredRow(table, Self.chat, usage: Self.reported + #", "service_tier": "priority"}"#).cost == 340_000)
        #expect(try await meteredRow(table, Self.chat, usage: Self.reported + #", "service_tier": "auto"}"#).cost == 120_000)
        let bound = TokenBound(try #require(try JSONValue(parsing: Self.chat).objectValue)).prompt
        #expect(try reserved(table, priority) == bound * 3000 + 10 * 4000)
        // The provider's settings may select it as well.
        #expect(try reserved(table, Self.chat) == bound * 3000 + 10 * 4000)
        #expect(try reserved(table, chat(#""service_tier": "default""#)) == bound * 1000 + 10 * 2000)
    }

    @Test(arguments: [
        (#""service_tier": "flex""#, "service_tier"), (#""web_search_options": {}"#, "web_search_options"),
        (#""modalities": ["text", "audio"]"#, "modalities"), (#""tools": [{"type": "web_search"}]"#, "tools.0.type"),
    ])
    func `A feature without a price is rejected under a budget, and has an unknown cost otherwise`(member: String, field: String)
        async throws
    {
        let error = #expect(throws: ServiceError.self) {
            try reserve(
                try request(try table("openai", "m", prices: Self.tiers), chat(member), .openAI(.chat)),
                try table("openai", "m", prices: Self.tiers))
        }
        #expect(error?.status == 400)
        #expect(error?.parameter == field)
        #expect(error?.message.hasPrefix("'\(field)' can't be charged to the budget 'b'") == true)
        let free = try table("openai", "m", prices: Self.tiers, budget: false)
        #expect(try await meteredRow(free, chat(member), usage: Self.reported + "}").cost == nil)
    }

    @Test func `If the provider selects a tier without a price, the cost is unknown and the reservation is spent`() async throws {
        let table = try table("openai", "m", prices: Self.tiers)
        let row = try await meteredRow(table, Self.chat, usage: Self.reported + #", "service_tier": "scale"}"#)
        #expect(row.cost == nil)
        #expect(row.spent == 340_000)
    }

    @Test func `Searches are priced by the number in the response, and other charges are unknown`() async throws {
        let body = chat(#""tools": [{"type": "web_search_20250305", "name": "web_search"}]"#)
        let table = try table("anthropic", "claude-sonnet-4-5", budget: false)
        let searched = try await meteredRow(table, body, .messages, usage: Self.reported + #", "web_searches": 2}"#)
        #expect(searched.cost == 20_450_000 as Int64)
        #expect(try await meteredRow(table, body, .messages, usage: Self.reported + "}").cost == 450_000 as Int64)
        #expect(try await meteredRow(table, body, .messages, usage: nil).cost == nil)
        let charged = try await meteredRow(table, Self.chat, .messages, usage: Self.reported + #", "other_charges": ["code_execution"]}"#)
        #expect(charged.cost == nil)
    }

    @Test func `Members that change Anthropic's prices aren't rejected for other providers, which don't receive them`() throws {
        let table = try table("openai", "m", prices: Self.tiers)
        let body = chat(#""speed": "fast", "inference_geo": "us", "model": "e""#)
        #expect(try reserve(try request(table, body, .messages), table).0.count == 1)
        let anthropic = try self.table("anthropic", "claude-sonnet-4-5")
        let error = #expect(throws: ServiceError.self) { try reserve(try request(anthropic, body, .messages), anthropic) }
        #expect(error?.parameter == "speed")
    }

    @Test func `A background response has an unknown cost`() async throws {
        let table = try table("openai", "m", prices: "{m: {input: 1, output: 2}}", budget: false)
        let row = try await meteredRow(
            table, #"{"input": "Hello", "background": true, "max_output_tokens": 50}"#, .openAI(.responses), usage: nil)
        #expect(row.cost == nil)
    }

    @Test(arguments: [
        (
            "gemini-2.5-flash",
            #"{"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}], "service_tier": "priority"}"#,
            "messages"
        ),
        (
            "gemini-2.5-pro",
            #"{"messages": [{"role": "user", "content": "\#(String(repeating: "x", count: 200_001))"}], "service_tier": "priority"}"#,
            "service_tier"
        ),
    ])
    func `Usage without a price in its tier is rejected under a budget, and has an unknown cost otherwise`(
        model: String, body: String, field: String
    ) async throws {
        let table = try table("gemini", model)
        let error = #expect(throws: ServiceError.self) { try reserve(try request(table, body, .openAI(.chat)), table) }
        #expect(error?.status == 400)
        #expect(error?.parameter == field)
        #expect(try reserved(table, body.replacing("priority", with: "default")) > 0)
        let free = try self.table("gemini", model, budget: false)
        let usage = #"{"prompt_tokens": 200001, "prompt_audio_tokens": 5, "completion_tokens": 10, "service_tier": "priority"}"#
        #expect(try await meteredRow(free, body, usage: usage).cost == nil)
    }

    @Test(arguments: [
        ("mistral", APIDialect.openAI(.chat), #"{"type": "document_url", "document_url": "https://x/1000pages.pdf"}"#),
        ("gemini", .openAI(.chat), #"{"type": "image_url", "image_url": {"url": "https://www.youtube.com/watch?v=x"}}"#),
        ("openai", .openAI(.chat), #"{"type": "file", "file": {"file_id": "f"}}"#), ("openai", .openAI(.chat), #"{"type": "hologram"}"#),
        ("anthropic", .messages, #"{"type": "document", "source": {"type": "file", "file_id": "f"}}"#),
        ("gemini", .messages, #"{"type": "image", "source": {"type": "url", "url": "https://x/v.mp4"}}"#),
    ])
    func `A content part of unknown cost is rejected under a budget, and allowed otherwise`(
        provider: String, dialect: APIDialect, part: String
    ) throws {
        let body = #"{"messages": [{"role": "user", "content": [\#(part)]}], "max_tokens": 10}"#
        let prices = "{m: {input: 1, output: 2, audio_input: 3}}"
        let table = try table(provider, "m", prices: prices)
        let error = #expect(throws: ServiceError.self) { try reserve(try request(table, body, dialect), table) }
        #expect(error?.status == 400)
        #expect(error?.parameter == "messages.0.content.0")
        let free = try self.table(provider, "m", prices: prices, budget: false)
        #expect(try reserve(try request(free, body, dialect), free).0.count == 1)
    }

    @Test func `Content that can't be counted reserves the model's context window, and is recorded with the reported usage`() async throws {
        let body = #"{"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "f"}}]}], "max_tokens": 10}"#
        let table = try table("openai", "m", prices: "{m: {input: 1, output: 2, context_window: 200_000}}")
        #expect(try reserved(table, body) == 200_000 * 1000 + 10 * 2000)
        // Without reported usage, all of that may have been used.
        let row = try await meteredRow(table, body, usage: nil)
        #expect(row.spent >= 200_000 * 1000)
        #expect(try await meteredRow(table, body, usage: Self.reported + "}").cost == 120_000)
        // The built-in list has a context window as well.
        #expect(try reserved(try self.table("openai", "gpt-4o"), body) >= 128_000 * 2500)
        let pdf =
            #"{"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "file", "file_id": "f"}}]}], "#
            + #""max_tokens": 10}"#
        #expect(try reserved(try self.table("anthropic", "claude-sonnet-4-5"), pdf, .messages) >= 1_000_000 * 6000)
    }

    @Test func `A limit on tokens counts the model's context window, too`() throws {
        let yaml = """
            endpoints: [{name: e, endpoint_type: llm/v1/chat, model: {provider: openai, name: m, config: {openai_api_key: secret}}}]
            prices: {m: {input: 1, context_window: 200_000}}
            limits: [{name: t, tokens: 1_000_000, per: day}]
            """
        let configuration = try ConfigurationReader(catalog: ConfigurationTests.catalog).read(yaml, ProblemList(file: "f"))
        let table = try RouteTable(configuration, file: "f", catalog: ConfigurationTests.catalog, previous: nil)
        let body = #"{"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "f"}}]}], "max_tokens": 10}"#
        let request = try request(table, body, .openAI(.chat))
        let rules = table.rules(for: request.caller, route: "e")
        let all = request.route.candidates(.system)
        let bound = Reservation.bound(of: request, counting: rules)
        let reservation = Reservation(request, rules, candidates: all, pricing: InferencePricing(request, all), bound: bound, second: now)
        #expect(reservation.debits.map(\.amount) == [200_010])
    }

    @Test func `Content stored at the provider is rejected under a budget, and priced by the response otherwise`() async throws {
        let body = #"{"input": "Hello", "previous_response_id": "resp_1", "max_output_tokens": 10}"#
        let table = try table("openai", "m", prices: "{m: {input: 1, output: 2}}")
        let error = #expect(throws: ServiceError.self) { try reserve(try request(table, body, .openAI(.responses)), table) }
        #expect(error?.parameter == "previous_response_id")
        let free = try self.table("openai", "m", prices: "{m: {input: 1, output: 2}}", budget: false)
        #expect(try await meteredRow(free, body, .openAI(.responses), usage: Self.reported + "}").cost == 120_000)
        // Its length is unknown.
        #expect(try await meteredRow(free, body, .openAI(.responses), usage: nil).cost == nil)
    }
}

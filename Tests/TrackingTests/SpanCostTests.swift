import Primitives
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

@Suite struct SpanCostTests {
    /// The stored form of a span with these attributes.
    private func row(_ attributes: [Attribute]) throws -> (tokens: String?, cost: String?) {
        let upload = try SpanUpload([ResourceSpans(spans: [span(1, attributes)])], experiment: 0, run: nil)
        let row = try #require(upload.groups.first?.spans.first)
        return (row.tokens?.text, row.cost?.text)
    }

    private func span(_ number: UInt8, _ attributes: [Attribute]) -> Span {
        var span = Span(traceID: [UInt8](repeating: 7, count: 16), spanID: [UInt8](repeating: number, count: 8))
        (span.startTime, span.endTime, span.attributes) = (1_000_000, 2_000_000, attributes)
        return span
    }

    private func text(_ key: String, _ value: String) -> Attribute { Attribute(key: key, value: .string(value)) }

    private func tokens(_ counts: [(String, Int64)]) -> Attribute {
        Attribute(key: "mlflow.chat.tokenUsage", value: .object(counts.map { Attribute(key: $0.0, value: .integer($0.1)) }))
    }

    @Test(
        arguments: [
            ("gpt-4o", nil), ("gpt-4o", "openai"), ("gpt-4o", "OpenAI"), ("openai/gpt-4o", nil), ("gpt-4o-2024-08-06", "azure.ai.openai"),
        ] as [(String, String?)])
    func `A span with a model and token counts gets its cost from the price list`(model: String, provider: String?) throws {
        var attributes = [text("mlflow.llm.model", model), tokens([("input_tokens", 1000), ("output_tokens", 100)])]
        if let provider { attributes.append(text("mlflow.llm.provider", provider)) }
        let found = try row(attributes)
        #expect(found.cost == #"{"input_cost": 0.0025, "output_cost": 0.001, "total_cost": 0.0035}"#)
    }

    @Test func `Values encoded as JSON strings, as MLflow's clients send them, are decoded`() throws {
        let found = try row([
            text("mlflow.llm.model", #""gpt-4o""#), text("mlflow.llm.provider", #""openai""#),
            text("mlflow.chat.tokenUsage", #"{"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}"#),
        ])
        #expect(found.cost == #"{"input_cost": 0.0025, "output_cost": 0.001, "total_cost": 0.0035}"#)
    }

    @Test(arguments: ["gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_write.input_tokens"])
    func `Tokens read from and written to the prompt cache are stored and priced`(name: String) throws {
        let found = try row([
            text("gen_ai.request.model", "claude-sonnet-4-5"), text("gen_ai.provider.name", "anthropic"),
            Attribute(key: "gen_ai.usage.input_tokens", value: .integer(13_307)),
            Attribute(key: "gen_ai.usage.output_tokens", value: .integer(550)),
            Attribute(key: "gen_ai.usage.cache_read.input_tokens", value: .integer(1000)),
            Attribute(key: name, value: .integer(12_304)),
        ])
        #expect(
            found.tokens == """
                {"input_tokens": 13307, "output_tokens": 550, "total_tokens": 13857, "cache_read_input_tokens": 1000, \
                "cache_creation_input_tokens": 12304}
                """)
        #expect(found.cost == #"{"input_cost": 0.046449, "output_cost": 0.00825, "total_cost": 0.054699}"#)
        let hour = try row([
            text("mlflow.llm.model", "claude-sonnet-4-5"),
            tokens([
                ("input_tokens", 13_307), ("output_tokens", 550), ("cache_read_input_tokens", 1000),
                ("cache_creation_input_tokens", 12_304),
                ("cache_creation_input_tokens_above_1hr", 12_304),
            ]),
        ])
        #expect(hour.cost == #"{"input_cost": 0.074133, "output_cost": 0.00825, "total_cost": 0.082383}"#)
    }

    @Test(
        arguments: [
            (3, 1000, 12_304, #"{"input_cost": 0.046449, "output_cost": 0.00825, "total_cost": 0.054699}"#),
            // More tokens were read from the cache than the input contains.
            (3, 1000, 0, #"{"input_cost": 0.000309, "output_cost": 0.00825, "total_cost": 0.008559}"#),
            (1000, 1000, 0, #"{"input_cost": 0.0003, "output_cost": 0.00825, "total_cost": 0.00855}"#),
            (0, 0, 1000, #"{"input_cost": 0.00375, "output_cost": 0.00825, "total_cost": 0.012}"#),
        ] as [(Int64, Int64, Int64, String)])
    func `Cached tokens that exceed the input aren't part of it`(input: Int64, read: Int64, written: Int64, cost: String) throws {
        let found = try row([
            text("gen_ai.request.model", "claude-sonnet-4-5"), text("gen_ai.provider.name", "anthropic"),
            Attribute(key: "gen_ai.usage.input_tokens", value: .integer(input)),
            Attribute(key: "gen_ai.usage.output_tokens", value: .integer(550)),
            Attribute(key: "gen_ai.usage.cache_read.input_tokens", value: .integer(read)),
            Attribute(key: "gen_ai.usage.cache_creation.input_tokens", value: .integer(written)),
        ])
        #expect(found.cost == cost)
    }

    @Test(arguments: [Int64.max, 1])
    func `Enormous token counts don't trap`(read: Int64) throws {
        let found = try row([
            text("mlflow.llm.model", "claude-sonnet-4-5"),
            tokens([("input_tokens", .max - 1), ("cache_read_input_tokens", read), ("cache_creation_input_tokens", .max)]),
        ])
        #expect(found.cost != nil)
    }

    @Test func `A reported cost is kept, even if it is unknown`() throws {
        let call = [text("mlflow.llm.model", "gpt-4o"), tokens([("input_tokens", 1000), ("output_tokens", 100)])]
        let given = Attribute(key: "mlflow.llm.cost", value: .object([Attribute(key: "total_cost", value: .number(5))]))
        #expect(try row(call + [given]).cost == #"{"input_cost": 0.0, "output_cost": 0.0, "total_cost": 5.0}"#)
        #expect(try row(call + [Attribute(key: "mlflow.llm.cost", value: .none)]).cost == nil)
    }

    @Test(arguments: ["gateway:/chat", "endpoints:/chat", "my-own-model"])
    func `A model without a known price has no cost`(model: String) throws {
        #expect(try row([text("mlflow.llm.model", model), tokens([("input_tokens", 5), ("output_tokens", 5)])]).cost == nil)
        #expect(try row([text("mlflow.llm.model", "gpt-4o"), tokens([("input_tokens", 0), ("output_tokens", 0)])]).cost == nil)
        #expect(try row([text("mlflow.llm.model", "gpt-4o")]).cost == nil)
    }

    @Test(arguments: TestEngine.available)
    func `A trace's cost is the sum of its calls`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            let call = [text("mlflow.llm.model", "gpt-4o"), tokens([("input_tokens", 1000), ("output_tokens", 100)])]
            var spans = [span(1, []), span(2, call), span(3, call)]
            for place in 1...2 { spans[place].parentID = [UInt8](repeating: 1, count: 8) }
            let upload = try SpanUpload([ResourceSpans(spans: spans)], experiment: 0, run: nil)
            try await TraceWriter(database: fixture.database).write(upload)
            let response = try await fixture.api.get("/api/3.0/mlflow/traces/tr-\(Hex.encode([UInt8](repeating: 7, count: 16)))")
            #expect(
                response.json["trace"]?["trace_info"]?["trace_metadata"]?["mlflow.trace.cost"]
                    == #"{"input_cost": 0.005, "output_cost": 0.002, "total_cost": 0.007}"#)
        }
    }
}

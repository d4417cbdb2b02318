import GatewayFormats
import JSON
import ModelPrices
import Testing

@Suite struct RequestPricingTests {
    private func read(_ body: String, _ api: RequestPricing.API = .openAI, _ provider: String = "openai") throws -> RequestPricing {
        RequestPricing(try #require(try JSONValue(parsing: body).objectValue), api: api, provider: provider)
    }

    private static let price = ModelPrice(TokenRates(input: 1, output: 1))

    @Test(arguments: [
        ("{}", "openai", PriceTerms.Tier.providersChoice), (#"{"service_tier": "auto"}"#, "openai", .providersChoice),
        (#"{"service_tier": "default"}"#, "openai", .standard), (#"{"service_tier": "priority"}"#, "openai", .named("priority")),
        (#"{"service_tier": null}"#, "groq", .providersChoice), (#"{"service_tier": "on_demand"}"#, "groq", .standard),
        ("{}", "gemini", .standard), (#"{"service_tier": "flex"}"#, "gemini", .named("flex")),
        ("{}", "bedrock", .standard), (#"{"service_tier": "priority"}"#, "bedrock", .named("priority")),
        // Left out by the adapter, or of another meaning.
        (#"{"service_tier": "priority"}"#, "mistral", .standard), (#"{"service_tier": "priority"}"#, "anthropic", .providersChoice),
        (#"{"service_tier": "standard_only"}"#, "anthropic", .standard),
    ])
    func `A tier is the provider's choice, the default one, or the one that is asked for`(
        body: String, provider: String, expected: PriceTerms.Tier
    ) throws {
        #expect(try read(body, .openAI, provider).terms.tier == expected)
    }

    @Test(arguments: [
        (#"{"web_search_options": {}}"#, "openai", "web_search_options"), (#"{"tools": [{"type": "web_search"}]}"#, "openai", "tools.0.type"),
        (#"{"tools": [{"type": "function"}, {"type": "browser_search"}]}"#, "groq", "tools.1.type"),
        (#"{"modalities": ["text", "image"]}"#, "openrouter", "modalities"), (#"{"plugins": [{"id": "web"}]}"#, "openrouter", "plugins"),
        (#"{"models": ["a", "b"]}"#, "openrouter", "models"), (#"{"search_parameters": {"mode": "auto"}}"#, "xai", "search_parameters"),
        (#"{"deferred": true}"#, "xai", "deferred"),
    ])
    func `What a provider bills beside the tokens of a chat has no price`(body: String, provider: String, field: String) throws {
        let pricing = try read(body, .openAI, provider)
        #expect(pricing.charges == [.init(field: field, isTold: false)])
        #expect(pricing.problem(with: Self.price, of: "m")?.field == field)
        #expect(pricing.isDeferred == (field == "deferred"))
    }

    @Test(arguments: [
        #"{"messages": [], "tools": [{"type": "function"}, {"type": "custom"}], "n": 3}"#, #"{"modalities": ["text"], "audio": null}"#,
        #"{"search_parameters": {"mode": "off"}}"#, #"{"plugins": [{"id": "web"}], "provider": "x", "models": ["a"]}"#,
        #"{"web_search_options": null, "deferred": false, "tools": 5, "messages": [{"content": "x"}, 7], "service_tier": 3}"#,
    ])
    func `What changes no price is left alone`(body: String) throws {
        let pricing = try read(body, .openAI, "openai")
        #expect(pricing.charges.isEmpty)
        #expect(pricing.problem(with: Self.price, of: "m") == nil)
    }

    @Test(arguments: [
        (#"{"tools": [{"type": "function"}, {"type": "web_search_preview"}]}"#, "tools.1.type"), (#"{"background": true}"#, "background"),
        (#"{"tools": [{"type": "code_interpreter"}]}"#, "tools.0.type"), (#"{"prompt": {"id": "pmpt_1"}}"#, "prompt"),
        (#"{"tools": [{"type": "image_generation"}]}"#, "tools.0.type"), (#"{"tools": [{"type": "file_search"}]}"#, "tools.0.type"),
    ])
    func `Tools that run at OpenAI and answers in the background have no price`(body: String, field: String) throws {
        let pricing = try read(body, .responses)
        #expect(pricing.charges.map(\.field) == [field])
        #expect(pricing.isDeferred == (field == "background"))
    }

    @Test func `Tools that run elsewhere cost tokens that the answer tells`() throws {
        #expect(try read(#"{"tools": [{"type": "mcp"}]}"#, .responses).charges == [.init(field: "tools.0.type", isTold: true)])
    }

    @Test(arguments: [
        (#"{"mcp_servers": [{"url": "https://x"}], "tools": [{"type": "mcp_toolset"}]}"#, "mcp_servers", true),
        (#"{"tools": [{"type": "web_search_20250305", "name": "web_search"}]}"#, "tools.0.type", true),
        (#"{"tools": [{"name": "mine"}, {"type": "code_execution_20250825"}]}"#, "tools.1.type", false),
        (#"{"tools": [{"type": "advisor_20260301"}]}"#, "tools.0.type", false),
        (#"{"context_management": {"edits": [{"type": "clear_tool_uses_20250919"}, {"type": "compact_20260112"}]}}"#, "context_management.edits.1", true),
    ])
    func `Of Anthropic's own tools some are told in the answer, and none can be bounded before`(
        body: String, field: String, isTold: Bool
    ) throws {
        let pricing = try read(body, .messages, "anthropic")
        #expect(pricing.charges == [.init(field: field, isTold: isTold)])
        #expect(pricing.problem(with: Self.price, of: "m")?.field == field)
    }

    @Test(arguments: [
        #"{"tools": [{"name": "mine"}, {"type": "custom"}, {"type": "bash_20250124"}, {"type": "text_editor_20250728"}, {"type": "computer_20250124"}]}"#,
        #"{"service_tier": "auto", "speed": "standard", "inference_geo": "global", "mcp_servers": []}"#,
    ])
    func `Tools that the client runs cost no more than tokens`(body: String) throws {
        let pricing = try read(body, .messages, "anthropic")
        #expect(pricing.charges.isEmpty)
        #expect(pricing.problem(with: Self.price, of: "m") == nil)
    }

    @Test func `A tier, a place and audio are allowed as soon as they have a price`() throws {
        let cases: [(String, RequestPricing.API, String, (inout ModelPrice) -> Void)] = [
            (#"{"service_tier": "priority"}"#, .openAI, "service_tier", { $0.serviceTiers["priority"] = .init(Self.price.standard.rates) }),
            (#"{"service_tier": "flex"}"#, .responses, "service_tier", { $0.serviceTiers["flex"] = .init(Self.price.standard.rates) }),
            (#"{"speed": "fast"}"#, .messages, "speed", { $0.serviceTiers["fast"] = .init(Self.price.standard.rates) }),
            (#"{"inference_geo": "us"}"#, .messages, "inference_geo", { $0.inferenceGeo["us"] = 1100 }),
            (#"{"modalities": ["text", "audio"]}"#, .openAI, "modalities", { $0.standard.rates.audioOutput = 5 }),
            (
                #"{"messages": [{"content": [{"type": "input_audio"}]}]}"#, .openAI, "messages",
                { $0.standard.rates.audioInput = 5 }
            ),
        ]
        for (body, api, field, allow) in cases {
            let pricing = try read(body, api)
            let problem = try #require(pricing.problem(with: Self.price, of: "m"))
            #expect(problem.field == field)
            #expect(problem.message.contains("to allow it"))
            var price = Self.price
            allow(&price)
            #expect(pricing.problem(with: price, of: "m") == nil)
            #expect(pricing.problem(with: ModelPrice(TokenRates(input: 0, output: 0)), of: "m") == nil)
        }
    }
}

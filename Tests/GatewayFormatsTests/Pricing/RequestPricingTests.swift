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
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100)?.field == field)
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
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100) == nil)
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

    @Test(arguments: [
        (#"{"previous_response_id": "resp_1", "input": "x"}"#, "previous_response_id"), (#"{"conversation": "conv_1"}"#, "conversation"),
        (#"{"conversation": {"id": "conv_1"}}"#, "conversation"),
        (#"{"input": [{"role": "user", "content": "x"}, {"type": "item_reference", "id": "msg_1"}]}"#, "input.1"),
        (#"{"input": [{"type": null, "id": "msg_1"}]}"#, "input.0"), (#"{"input": [{"id": "msg_1"}]}"#, "input.0"),
    ])
    func `What is kept at the provider is part of the prompt, which only the answer counts`(body: String, field: String) throws {
        let pricing = try read(body, .responses)
        #expect(pricing.charges == [.init(field: field, isTold: true)])
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100)?.field == field)
        #expect(pricing.problem(with: ModelPrice(TokenRates(input: 0, output: 0)), of: "m", prompt: 100) == nil)
    }

    @Test(arguments: [
        #"{"previous_response_id": null, "conversation": null, "input": [{"role": "user", "content": "x", "id": "msg_1"}]}"#,
        #"{"previous_response_id": "", "input": [{"type": "function_call_output", "id": "fc_1", "call_id": "c", "output": "x"}, 7]}"#,
    ])
    func `An input that is in the request itself is counted before`(body: String) throws {
        #expect(try read(body, .responses).charges == [])
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
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100)?.field == field)
    }

    @Test(arguments: [
        #"{"tools": [{"name": "mine"}, {"type": "custom"}, {"type": "bash_20250124"}, {"type": "text_editor_20250728"}, {"type": "computer_20250124"}]}"#,
        #"{"service_tier": "auto", "speed": "standard", "inference_geo": "global", "mcp_servers": []}"#,
    ])
    func `Tools that the client runs cost no more than tokens`(body: String) throws {
        let pricing = try read(body, .messages, "anthropic")
        #expect(pricing.charges.isEmpty)
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100) == nil)
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
            let problem = try #require(pricing.problem(with: Self.price, of: "m", prompt: 100))
            #expect(problem.field == field)
            #expect(problem.message.contains("to allow it"))
            var price = Self.price
            allow(&price)
            #expect(pricing.problem(with: price, of: "m", prompt: 100) == nil)
            #expect(pricing.problem(with: ModelPrice(TokenRates(input: 0, output: 0)), of: "m", prompt: 100) == nil)
        }
    }

    private static let tiered: ModelPrice = {
        var price = ModelPrice(.init(TokenRates(input: 1, output: 1, audioInput: 2), longContext: [.init(threshold: 1000, rates: TokenRates(input: 2, output: 2))]))
        price.serviceTiers["priority"] = .init(TokenRates(input: 3, output: 3))
        return price
    }()

    private static let audio = #"{"messages": [{"content": [{"type": "input_audio"}]}]"#

    @Test func `A tier without a price of its own for audio is refused, also where only the provider may choose it`() throws {
        let named = try read(Self.audio + #", "service_tier": "priority"}"#)
        let problem = try #require(named.problem(with: Self.tiered, of: "p/m", prompt: 100))
        #expect(problem.field == "messages")
        #expect(
            problem.message == "the price of audio input for p/m is unknown at the service tier 'priority'. Add audio_input to "
                + "service_tiers.priority in the model's prices to allow it, or leave 'service_tier' out")
        let chosen = try read(Self.audio + "}")
        #expect(chosen.problem(with: Self.tiered, of: "p/m", prompt: 100)?.message.contains("which the provider may choose") == true)
        #expect(try read(Self.audio + #", "service_tier": "default"}"#).problem(with: Self.tiered, of: "p/m", prompt: 100) == nil)
        // At another provider no setting chooses a tier.
        #expect(try read(Self.audio + "}", .openAI, "gemini").problem(with: Self.tiered, of: "p/m", prompt: 100) == nil)
    }

    @Test func `A tier without a price of its own for long prompts is refused for those`() throws {
        let named = try read(#"{"service_tier": "priority"}"#)
        #expect(named.problem(with: Self.tiered, of: "p/m", prompt: 1000) == nil)
        let problem = try #require(named.problem(with: Self.tiered, of: "p/m", prompt: 1001))
        #expect(problem.field == "service_tier")
        #expect(problem.message.hasPrefix("the price of prompts with more than 1000 tokens for p/m is unknown at the service tier 'priority'"))
        var price = Self.tiered
        price.serviceTiers["priority"]?.longContext = [.init(threshold: 1000, rates: TokenRates(input: 6, output: 6))]
        #expect(named.problem(with: price, of: "p/m", prompt: 1001) == nil)
    }

    @Test(arguments: [
        (#"{"modalities": ["text", "audio"]}"#, "the price of audio output for p/m is unknown. Add audio_output to the model's prices to allow it"),
        (audio + "}", "the price of audio input for p/m is unknown. Add audio_input to the model's prices to allow it"),
        (#"{"service_tier": "flex"}"#, "the price of 'flex' for p/m is unknown. Add service_tiers: {flex: {input: …, output: …}} to the model's prices to allow it"),
    ])
    func `A problem names what has no price and what to add`(body: String, message: String) throws {
        #expect(try read(body).problem(with: Self.price, of: "p/m", prompt: 100)?.message == message)
    }
}

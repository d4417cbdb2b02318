import GatewayFormats
import JSON
import ModelPrices
import Primitives
import Testing

@Suite struct RequestPricingTests {
    private func read(_ body: String, _ api: RequestPricing.API = .openAI, _ provider: String = "openai") throws -> RequestPricing {
        RequestPricing(try #require(try JSONValue(parsing: body).objectValue), api: api, provider: provider)
    }

    private static func rates(_ input: Int64, _ output: Int64, audioInput: Int64? = nil) -> TokenRates {
        TokenRates(input: PicoDollars(input), output: PicoDollars(output), audioInput: audioInput.map { PicoDollars($0) })
    }

    private static let price = ModelPrice(Self.rates(1, 1))

    @Test(arguments: [
        ("{}", "openai", PricingOptions.Tier.automatic), (#"{"service_tier": "auto"}"#, "openai", .automatic),
        (#"{"service_tier": "default"}"#, "openai", .standard), (#"{"service_tier": "priority"}"#, "openai", .named("priority")),
        (#"{"service_tier": null}"#, "groq", .automatic), (#"{"service_tier": "on_demand"}"#, "groq", .standard),
        ("{}", "gemini", .standard), (#"{"service_tier": "flex"}"#, "gemini", .named("flex")),
        ("{}", "bedrock", .standard), (#"{"service_tier": "priority"}"#, "bedrock", .named("priority")),
        // Dropped by the adapter, or with another meaning.
        (#"{"service_tier": "priority"}"#, "mistral", .standard), (#"{"service_tier": "priority"}"#, "anthropic", .automatic),
        (#"{"service_tier": "standard_only"}"#, "anthropic", .standard),
    ])
    func `The tier is the provider's choice, the default one, or the requested one`(
        body: String, provider: String, expected: PricingOptions.Tier
    ) throws {
        #expect(try read(body, .openAI, provider).options.tier == expected)
    }

    @Test(arguments: [
        (#"{"web_search_options": {}}"#, "openai", "web_search_options"),
        (#"{"tools": [{"type": "web_search"}]}"#, "openai", "tools.0.type"),
        (#"{"tools": [{"type": "function"}, {"type": "browser_search"}]}"#, "groq", "tools.1.type"),
        (#"{"modalities": ["text", "image"]}"#, "openrouter", "modalities"), (#"{"plugins": [{"id": "web"}]}"#, "openrouter", "plugins"),
        (#"{"models": ["a", "b"]}"#, "openrouter", "models"), (#"{"search_parameters": {"mode": "auto"}}"#, "xai", "search_parameters"),
        (#"{"deferred": true}"#, "xai", "deferred"),
    ])
    func `Chat features that a provider bills in addition to tokens have no price`(body: String, provider: String, field: String) throws {
        let pricing = try read(body, .openAI, provider)
        #expect(pricing.surcharges == [.init(field: field, isReported: false)])
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100)?.field == field)
        #expect(pricing.isDeferred == (field == "deferred"))
    }

    @Test(arguments: [
        #"{"messages": [], "tools": [{"type": "function"}, {"type": "custom"}], "n": 3}"#, #"{"modalities": ["text"], "audio": null}"#,
        #"{"search_parameters": {"mode": "off"}, "plugins": [], "deferred": false}"#,
        #"{"web_search_options": null, "deferred": false, "tools": 5, "messages": [{"content": "x"}, 7], "service_tier": 3}"#,
    ])
    func `Members that don't affect the price are ignored`(body: String) throws {
        let pricing = try read(body, .openAI, "openai")
        #expect(pricing.surcharges.isEmpty)
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100) == nil)
    }

    @Test(arguments: [
        (#"{"tools": [{"type": "function"}, {"type": "web_search_preview"}]}"#, "tools.1.type"), (#"{"background": true}"#, "background"),
        (#"{"tools": [{"type": "code_interpreter"}]}"#, "tools.0.type"), (#"{"prompt": {"id": "pmpt_1"}}"#, "prompt"),
        (#"{"tools": [{"type": "image_generation"}]}"#, "tools.0.type"), (#"{"tools": [{"type": "file_search"}]}"#, "tools.0.type"),
    ])
    func `Tools that run on OpenAI's servers and background responses have no price`(body: String, field: String) throws {
        let pricing = try read(body, .responses)
        #expect(pricing.surcharges.map(\.field) == [field])
        #expect(pricing.isDeferred == (field == "background"))
    }

    @Test(arguments: [
        (#"{"previous_response_id": "resp_1", "input": "x"}"#, "previous_response_id"), (#"{"conversation": "conv_1"}"#, "conversation"),
        (#"{"conversation": {"id": "conv_1"}}"#, "conversation"),
        (#"{"input": [{"role": "user", "content": "x"}, {"type": "item_reference", "id": "msg_1"}]}"#, "input.1"),
        (#"{"input": [{"type": null, "id": "msg_1"}]}"#, "input.0"), (#"{"input": [{"id": "msg_1"}]}"#, "input.0"),
    ])
    func `Content stored at the provider is part of the prompt and only counted by the response`(body: String, field: String) throws {
        let pricing = try read(body, .responses)
        #expect(pricing.surcharges == [.init(field: field, isReported: true)])
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100)?.field == field)
        #expect(pricing.problem(with: ModelPrice(Self.rates(0, 0)), of: "m", prompt: 100) == nil)
    }

    @Test(arguments: [
        #"{"previous_response_id": null, "conversation": null, "input": [{"role": "user", "content": "x", "id": "msg_1"}]}"#,
        #"{"previous_response_id": "", "input": [{"type": "function_call_output", "id": "fc_1", "call_id": "c", "output": "x"}, 7]}"#,
    ])
    func `Input in the request itself is counted in advance`(body: String) throws {
        #expect(try read(body, .responses).surcharges == [])
    }

    @Test func `Remote tools cost tokens that the response reports`() throws {
        #expect(try read(#"{"tools": [{"type": "mcp"}]}"#, .responses).surcharges == [.init(field: "tools.0.type", isReported: true)])
    }

    @Test(arguments: [
        (#"{"mcp_servers": [{"url": "https://x"}], "tools": [{"type": "mcp_toolset"}]}"#, "mcp_servers", true),
        (#"{"tools": [{"type": "web_search_20250305", "name": "web_search"}]}"#, "tools.0.type", true),
        (#"{"tools": [{"name": "mine"}, {"type": "code_execution_20250825"}]}"#, "tools.1.type", false),
        (#"{"tools": [{"type": "advisor_20260301"}]}"#, "tools.0.type", false),
        (
            #"{"context_management": {"edits": [{"type": "clear_tool_uses_20250919"}, {"type": "compact_20260112"}]}}"#,
            "context_management.edits.1", true
        ),
    ])
    func `Some of Anthropic's own tools are reported in the response, and none has a known maximum cost`(
        body: String, field: String, isReported: Bool
    ) throws {
        let pricing = try read(body, .messages, "anthropic")
        #expect(pricing.surcharges == [.init(field: field, isReported: isReported)])
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100)?.field == field)
    }

    @Test(arguments: [
        #"{"tools": [{"name": "mine"}, {"type": "custom"}, {"type": "bash_20250124"}, {"type": "text_editor_20250728"}, {"type": "computer_20250124"}]}"#,
        #"{"service_tier": "auto", "speed": "standard", "inference_geo": "global", "mcp_servers": []}"#,
    ])
    func `Tools that the client runs only cost tokens`(body: String) throws {
        let pricing = try read(body, .messages, "anthropic")
        #expect(pricing.surcharges.isEmpty)
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100) == nil)
    }

    @Test(arguments: [
        (#"{"data_sources": [{"type": "azure_search"}]}"#, RequestPricing.API.openAI, "azure", "data_sources"),
        (#"{"prediction": {"type": "content", "content": "x"}}"#, .openAI, "openai", "prediction"),
        (#"{"plugins": [{"id": "web"}]}"#, .openAI, "openai", "plugins"), (#"{"enable_search": true}"#, .openAI, "vllm", "enable_search"),
        (#"{"safe_prompt": true}"#, .openAI, "mistral", "safe_prompt"),
        (#"{"reasoning": {"mode": "pro"}}"#, .openAI, "openai", "reasoning.mode"),
        (#"{"messages": [{"role": "user", "content": "x", "files": ["f"]}]}"#, .openAI, "xai", "messages.0.files"),
        (#"{"context_management": [{"type": "compaction"}]}"#, .responses, "openai", "context_management"),
        (#"{"container": {"skills": []}}"#, .messages, "anthropic", "container"),
        (#"{"context_management": {"more": 1}}"#, .messages, "anthropic", "context_management.more"),
    ])
    func `An unknown member has no known maximum cost, but a known cost afterwards`(
        body: String, api: RequestPricing.API, provider: String, field: String
    ) throws {
        let pricing = try read(body, api, provider)
        #expect(pricing.surcharges == [.init(field: field, isReported: true, reason: .unknownMember)])
        let problem = try #require(pricing.problem(with: Self.price, of: "p/m", prompt: 100))
        #expect(problem.field == field)
        #expect(
            problem.message == "it is not a known parameter, so its maximum cost at p/m is unknown. Omit it, or use a route without a "
                + "budget that has action: reject")
        #expect(pricing.problem(with: ModelPrice(Self.rates(0, 0)), of: "m", prompt: 100) == nil)
    }

    @Test(arguments: ["anthropic", "bedrock", "cohere", "gemini", "mosaicml", "mlflow-model-serving"])
    func `Members that an adapter drops or a self-hosted server receives cost nothing`(provider: String) throws {
        #expect(try read(#"{"data_sources": [1], "documents": ["x"]}"#, .openAI, provider).surcharges == [])
    }

    private static func chat(_ part: String) -> String {
        #"{"messages": [{"role": "user", "content": [{"type": "text", "text": "x"}, \#(part)]}]}"#
    }

    @Test(
        arguments: [
            (chat(#"{"type": "hologram"}"#), RequestPricing.API.openAI, "messages.0.content.1", "hologram"),
            (chat(#"{"type": "image_embeds"}"#), .openAI, "messages.0.content.1", "image_embeds"),
            (chat(#"{"x": 1}"#), .openAI, "messages.0.content.1", nil),
            (chat(#"{"type": "thinking", "thinking": [{"type": "file"}]}"#), .openAI, "messages.0.content.1", "thinking"),
            (
                #"{"messages": [{"role": "assistant", "thinking_blocks": [{"type": "document"}]}]}"#, .openAI,
                "messages.0.thinking_blocks.0", "document"
            ),
            (chat(#"{"type": "container_upload", "file_id": "f"}"#), .messages, "messages.0.content.1", "container_upload"),
            (chat(#"{"type": "tool_result", "content": [{"type": "hologram"}]}"#), .messages, "messages.0.content.1.content.0", "hologram"),
            (#"{"input": [{"role": "user", "content": [{"type": "hologram"}]}]}"#, .responses, "input.0.content.0", "hologram"),
            (#"{"input": [{"type": "compaction", "encrypted_content": "x"}]}"#, .responses, "input.0", "compaction"),
            (
                #"{"input": [{"type": "function_call_output", "output": [{"type": "hologram"}]}]}"#, .responses, "input.0.output.0",
                "hologram"
            ),
        ] as [(String, RequestPricing.API, String, String?)])
    func `A part of an unknown type has no known price`(body: String, api: RequestPricing.API, field: String, type: String?) throws {
        let pricing = try read(body, api)
        #expect(pricing.surcharges == [.init(field: field, isReported: true, reason: .unknownPart(type))])
        let problem = try #require(pricing.problem(with: Self.price, of: "p/m", prompt: 100))
        #expect(problem.field == field)
        #expect(problem.message.contains(type.map { "parts of type '\($0)'" } ?? "it has no type"))
    }

    @Test(arguments: [
        (chat(#"{"type": "file", "file": {"file_id": "f"}}"#), RequestPricing.API.openAI, "openai", "messages.0.content.1"),
        (chat(#"{"type": "video", "video": "https://x/v"}"#), .openAI, "vllm", "messages.0.content.1"),
        (chat(#"{"type": "input_audio", "input_audio": {}}"#), .openAI, "openai", "messages.0.content.1"),
        (
            chat(#"{"type": "image_url", "image_url": {"url": "https://www.youtube.com/watch?v=x"}}"#), .openAI, "gemini",
            "messages.0.content.1"
        ),
        (
            chat(#"{"type": "image_url", "image_url": {"url": "data:application/pdf;base64,AA=="}}"#), .openAI, "gemini",
            "messages.0.content.1"
        ),
        (chat(#"{"type": "image_url", "image_url": "data:video/mp4;base64,AA=="}"#), .openAI, "openai", "messages.0.content.1"),
        (#"{"messages": [{"role": "assistant", "audio": {"id": "a"}}]}"#, .openAI, "openai", "messages.0.audio"),
        (#"{"chat_template": "x"}"#, .openAI, "vllm", "chat_template"),
        (chat(#"{"type": "document", "source": {"type": "file", "file_id": "f"}}"#), .messages, "anthropic", "messages.0.content.1"),
        (
            chat(#"{"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": ""}}"#), .messages,
            "anthropic", "messages.0.content.1"
        ),
        (
            chat(#"{"type": "image", "source": {"type": "url", "url": "https://x/v"}}"#), .translatedMessages, "gemini",
            "messages.0.content.1"
        ),
        (
            #"{"input": [{"role": "user", "content": [{"type": "input_file", "file_url": "https://x"}]}]}"#, .responses, "openai",
            "input.0.content.0"
        ),
        (#"{"input": [{"type": "reasoning", "id": "rs_1", "summary": []}]}"#, .responses, "openai", "input.0"),
    ])
    func `Referenced or compressed content counts as the model's context window, if that is known`(
        body: String, api: RequestPricing.API, provider: String, field: String
    ) throws {
        let pricing = try read(body, api, provider)
        #expect(pricing.surcharges == [])
        #expect(pricing.unsizedField == field)
        var price = ModelPrice(Self.rates(1, 1, audioInput: 1))
        let problem = try #require(pricing.problem(with: price, of: "p/m", prompt: 100))
        #expect(problem.field == field)
        #expect(
            problem.message == "its number of tokens is unknown until p/m reads it. Add context_window, the maximum tokens of a prompt, to "
                + "the model's prices to allow it")
        #expect(pricing.problem(with: ModelPrice(Self.rates(0, 0)), of: "m", prompt: 100) == nil)
        price.contextWindow = 200_000
        #expect(pricing.problem(with: price, of: "p/m", prompt: 100) == nil)
        #expect(pricing.promptBound(100, at: price) == 200_000)
        #expect(pricing.promptBound(300_000, at: price) == 300_000)
        // The prices of long prompts count as well.
        price.serviceTiers["priority"] = .init(Self.rates(2, 2, audioInput: 2))
        price.standard.longContext = [.init(threshold: 150_000, rates: price.standard.rates)]
        if api != .messages, provider == "openai" {
            #expect(pricing.problem(with: price, of: "p/m", prompt: 100)?.message.contains("150000") == true)
        }
    }

    @Test(arguments: [
        (#"{"type": "image_url", "image_url": {"url": "https://x/a.png"}}"#, RequestPricing.API.openAI, "openai"),
        (#"{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}"#, .openAI, "gemini"),
        (#"{"type": "thinking", "thinking": [{"type": "text", "text": "x"}]}"#, .openAI, "mistral"),
        (#"{"type": "image", "source": {"type": "url", "url": "https://x/a.png"}}"#, .messages, "anthropic"),
        (#"{"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}"#, .messages, "anthropic"),
        (#"{"type": "hologram"}"#, .translatedMessages, "openai"), (#"{"type": "file", "file": {}}"#, .openAI, "cohere"),
    ])
    func `Images are bounded where the provider scales them down, and texts by their length`(
        part: String, api: RequestPricing.API, provider: String
    ) throws {
        let pricing = try read(Self.chat(part), api, provider)
        #expect(pricing.surcharges == [])
        #expect(provider == "cohere" || pricing.unsizedField == nil)
    }

    @Test(arguments: ["mistral", "openrouter", "xai"], ["document_url", "file"])
    func `Documents that a separately billed service reads are rejected`(provider: String, type: String) throws {
        let pricing = try read(Self.chat(#"{"type": "\#(type)"}"#), .openAI, provider)
        #expect(pricing.surcharges == [.init(field: "messages.0.content.1", isReported: false)])
        var price = Self.price
        price.contextWindow = 1000
        #expect(pricing.problem(with: price, of: "m", prompt: 100)?.field == "messages.0.content.1")
    }

    @Test(arguments: [
        (
            #"{"tools": [{"type": "namespace", "name": "n", "tools": [{"type": "function"}, {"type": "web_search"}]}]}"#,
            "tools.0.tools.1.type"
        ),
        (
            #"{"tools": [{"type": "namespace", "tools": [{"type": "namespace", "tools": [{"type": "mcp"}]}]}]}"#,
            "tools.0.tools.0.tools.0.type"
        ),
        (#"{"input": [{"type": "additional_tools", "tools": [{"type": "web_search"}]}]}"#, "input.0.tools.0.type"),
        (
            #"{"input": [{"role": "user", "content": "x"}, {"type": "tool_search_output", "tools": [{"type": "code_interpreter"}]}]}"#,
            "input.1.tools.0.type"
        ),
        (#"{"background": 1}"#, "background"), (#"{"background": "true"}"#, "background"),
    ])
    func `Tools inside other tools and in the input are priced like others`(body: String, field: String) throws {
        let pricing = try read(body, .responses)
        #expect(pricing.surcharges.map(\.field) == [field])
        #expect(pricing.isDeferred == (field == "background"))
        #expect(pricing.problem(with: Self.price, of: "m", prompt: 100)?.field == field)
    }

    @Test func `Only the first of many unknown parts are reported`() throws {
        let parts = Array(repeating: #"{"type": "hologram"}"#, count: 10_000).joined(separator: ",")
        #expect(try read(#"{"messages": [{"content": [\#(parts)]}]}"#).surcharges.count == 20)
    }

    @Test func `Typical requests of clients have a known price`() throws {
        let chat = #"""
            {"model": "m", "messages": [{"role": "system", "content": "x"}, {"role": "assistant", "content": null, "refusal": null,
            "annotations": [], "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "c", "content": "x"}], "max_completion_tokens": 10, "n": 1, "stream": true, "user": "u",
            "stream_options": {"include_usage": true}, "temperature": 1, "top_p": 1, "stop": ["x"], "seed": 1, "logprobs": true,
            "response_format": {"type": "json_object"}, "tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "auto",
            "parallel_tool_calls": true, "reasoning_effort": "low", "store": false, "metadata": {}, "extra": null}
            """#
        #expect(try read(chat).problem(with: Self.price, of: "m", prompt: 100) == nil)
        let response = #"""
            {"model": "m", "input": [{"role": "user", "content": [{"type": "input_text", "text": "x"}, {"type": "input_image", "file_id": "f"}]},
            {"type": "reasoning", "encrypted_content": "x", "summary": []}, {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c", "output": "x"}], "instructions": "x", "store": false, "background": false,
            "include": ["reasoning.encrypted_content"], "reasoning": {"effort": "low", "summary": "auto"}, "text": {"format": {"type": "text"}}}
            """#
        #expect(try read(response, .responses).problem(with: Self.price, of: "m", prompt: 100) == nil)
        let messages = #"""
            {"model": "m", "max_tokens": 10, "system": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}], "messages": [
            {"role": "assistant", "content": [{"type": "thinking", "thinking": "x", "signature": "s"}, {"type": "tool_use", "id": "t", "name": "f", "input": {}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "x"}, {"type": "image",
            "source": {"type": "base64", "media_type": "image/png", "data": ""}}]}]}], "thinking": {"type": "adaptive"}, "metadata": {"user_id": "u"},
            "output_config": {"effort": "high"}, "context_management": {"edits": [{"type": "clear_thinking_20251015"}]}, "stream": true,
            "service_tier": "standard_only"}
            """#
        #expect(try read(messages, .messages, "anthropic").problem(with: Self.price, of: "m", prompt: 100) == nil)
    }

    @Test func `A tier, an inference region and audio are allowed if they have a price`() throws {
        let cases: [(String, RequestPricing.API, String, (inout ModelPrice) -> Void)] = [
            (#"{"service_tier": "priority"}"#, .openAI, "service_tier", { $0.serviceTiers["priority"] = .init(Self.price.standard.rates) }),
            (#"{"service_tier": "flex"}"#, .responses, "service_tier", { $0.serviceTiers["flex"] = .init(Self.price.standard.rates) }),
            (#"{"speed": "fast"}"#, .messages, "speed", { $0.serviceTiers["fast"] = .init(Self.price.standard.rates) }),
            (#"{"inference_geo": "us"}"#, .messages, "inference_geo", { $0.inferenceGeo["us"] = 1100 }),
            (#"{"modalities": ["text", "audio"]}"#, .openAI, "modalities", { $0.standard.rates.audioOutput = PicoDollars(5) }),
            (
                #"{"messages": [{"content": [{"type": "input_audio"}]}]}"#, .openAI, "messages",
                { ($0.standard.rates.audioInput, $0.contextWindow) = (PicoDollars(5), 1000) }
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
            #expect(pricing.problem(with: ModelPrice(Self.rates(0, 0)), of: "m", prompt: 100) == nil)
        }
    }

    private static let tiered: ModelPrice = {
        var price = ModelPrice(
            .init(
                Self.rates(1, 1, audioInput: 2),
                longContext: [.init(threshold: 1000, rates: Self.rates(2, 2))]))
        price.serviceTiers["priority"] = .init(Self.rates(3, 3))
        price.contextWindow = 1000
        return price
    }()

    private static let audio = #"{"messages": [{"content": [{"type": "input_audio"}]}]"#

    @Test func `A tier without its own price for audio is rejected, even if only the provider may choose it`() throws {
        let named = try read(Self.audio + #", "service_tier": "priority"}"#)
        let problem = try #require(named.problem(with: Self.tiered, of: "p/m", prompt: 100))
        #expect(problem.field == "messages")
        #expect(
            problem.message == "the price of audio input for p/m is unknown at the service tier 'priority'. Add audio_input to "
                + "service_tiers.priority in the model's prices to allow it, or omit 'service_tier'")
        let chosen = try read(Self.audio + "}")
        #expect(chosen.problem(with: Self.tiered, of: "p/m", prompt: 100)?.message.contains("which the provider may choose") == true)
        #expect(try read(Self.audio + #", "service_tier": "default"}"#).problem(with: Self.tiered, of: "p/m", prompt: 100) == nil)
        // Other providers have no account setting for the tier.
        #expect(try read(Self.audio + "}", .openAI, "gemini").problem(with: Self.tiered, of: "p/m", prompt: 100) == nil)
    }

    @Test func `A tier without its own price for long prompts is rejected for those`() throws {
        let named = try read(#"{"service_tier": "priority"}"#)
        #expect(named.problem(with: Self.tiered, of: "p/m", prompt: 1000) == nil)
        let problem = try #require(named.problem(with: Self.tiered, of: "p/m", prompt: 1001))
        #expect(problem.field == "service_tier")
        #expect(
            problem.message.hasPrefix("the price of prompts with more than 1000 tokens for p/m is unknown at the service tier 'priority'"))
        var price = Self.tiered
        price.serviceTiers["priority"]?.longContext = [.init(threshold: 1000, rates: Self.rates(6, 6))]
        #expect(named.problem(with: price, of: "p/m", prompt: 1001) == nil)
    }

    @Test(arguments: [
        (
            #"{"modalities": ["text", "audio"]}"#,
            "the price of audio output for p/m is unknown. Add audio_output to the model's prices to allow it"
        ),
        (audio + "}", "the price of audio input for p/m is unknown. Add audio_input to the model's prices to allow it"),
        (
            #"{"service_tier": "flex"}"#,
            "the price of 'flex' for p/m is unknown. Add service_tiers: {flex: {input: …, output: …}} to the model's prices to allow it"
        ),
    ])
    func `A problem names the missing price and the setting to add`(body: String, message: String) throws {
        #expect(try read(body).problem(with: Self.price, of: "p/m", prompt: 100)?.message == message)
    }
}

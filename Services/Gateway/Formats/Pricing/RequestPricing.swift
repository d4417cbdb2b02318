package import JSON
package import ModelPrices

/// What a request asks for that changes its price, by the APIs that the gateway serves.
///
/// Reads any JSON without failing. What isn't known here, such as a new kind of tool that runs at the provider, counts as something
/// without a price.
package struct RequestPricing: Sendable, Equatable {
    /// Whose request it is.
    package enum API: Sendable, Equatable {
        /// OpenAI's chats, completions and embeddings; the members of other providers that speak it are known as well.
        case openAI
        /// OpenAI's responses.
        case responses
        /// Anthropic's messages.
        case messages
    }

    /// Something that the provider bills beside the tokens of the request and of the longest answer.
    package struct Charge: Sendable, Equatable {
        /// Where it stands in the request: `tools.0.type`.
        package var field: String
        /// Whether the answer tells what it comes to, so that its cost can be known in the end, though not before.
        package var isTold: Bool

        package init(field: String, isTold: Bool) {
            self.field = field
            self.isTold = isTold
        }
    }

    /// A service tier or speed that the request asks for, and the member that does.
    package struct NamedTier: Sendable, Equatable {
        package var field: String
        package var name: String
    }

    package private(set) var terms = PriceTerms()
    /// `nil` where the request asks for none, or for the default one.
    package private(set) var tier: NamedTier?
    /// The members that bring audio into the prompt or the answer.
    package private(set) var audioInputField: String?
    package private(set) var audioOutputField: String?
    package private(set) var charges: [Charge] = []
    /// Whether the answer comes later and in another way, so that nothing of it is seen.
    package private(set) var isDeferred = false

    /// A request without anything of the kind.
    package init() {}

    /// - Parameters:
    ///   - request: as the provider gets it.
    ///   - provider: the `provider` of the configuration.
    package init(_ request: JSONObject, api: API, provider: String) {
        switch api {
        case .openAI: readOpenAI(request, provider)
        case .responses: readResponses(request, provider)
        case .messages: readMessages(request)
        }
    }

    /// Whether the answer tells all that it costs.
    package var isTold: Bool { charges.allSatisfy(\.isTold) }

    // MARK: OpenAI's API

    /// Adapters that turn a request into one of another API, and leave out what that hasn't.
    private static let translated: Set<String> = [
        "anthropic", "bedrock", "amazon-bedrock", "cohere", "gemini", "mosaicml", "huggingface-text-generation-inference",
        "mlflow-model-serving",
    ]
    /// Providers at which a request without a tier gets the default one, and not the one of a setting.
    private static let withoutTierSettings: Set<String> = ["bedrock", "amazon-bedrock", "gemini", "mistral"]
    /// Tools that the client runs.
    private static let freeTools: Set<String> = ["function", "custom"]
    private static let freeResponsesTools: Set<String> = [
        "function", "custom", "local_shell", "apply_patch", "computer", "computer_use_preview", "tool_search", "namespace",
    ]
    /// Tools that run elsewhere and cost tokens only, though nobody knows how many before.
    private static let remoteTools: Set<String> = ["mcp"]
    /// Members of chats, of OpenAI and of those who have added some, and the values that change nothing.
    private static let chargedMembers: [(name: String, neutral: [JSONValue])] = [
        ("web_search_options", []),
        // xAI's search, and its answers that are fetched later.
        ("search_parameters", [["mode": "off"]]), ("deferred", [false]),
        // OpenRouter's plug-ins, and other models and providers that it may take.
        ("plugins", [[]]), ("models", [[]]), ("route", []), ("provider", [[:]]), ("preset", []),
        // Groq's tools of its compound models.
        ("compound_custom", []),
    ]
    /// These mean something to the providers that have them only.
    private static let ofOneProvider: [String: String] = [
        "search_parameters": "xai", "deferred": "xai", "plugins": "openrouter", "models": "openrouter", "route": "openrouter",
        "provider": "openrouter", "preset": "openrouter", "compound_custom": "groq",
    ]

    private mutating func readOpenAI(_ request: JSONObject, _ provider: String) {
        readTier(request, provider)
        if Self.hasAudio(request["messages"]) { (audioInputField, terms.hasAudioInput) = ("messages", true) }
        guard !Self.translated.contains(provider) else { return }
        let modalities = request["modalities"]?.arrayValue ?? []
        if modalities.contains("audio") || isGiven(request["audio"]) {
            (audioOutputField, terms.hasAudioOutput) = (modalities.contains("audio") ? "modalities" : "audio", true)
        }
        if modalities.contains(where: { $0 != "text" && $0 != "audio" }) { charge("modalities") }
        for (name, neutral) in Self.chargedMembers {
            guard let value = request[name], value != .null, !neutral.contains(value) else { continue }
            if let only = Self.ofOneProvider[name], only != provider { continue }
            charge(name)
            if name == "deferred" { isDeferred = true }
        }
        chargeTools(request, free: Self.freeTools)
    }

    private mutating func readTier(_ request: JSONObject, _ provider: String) {
        let name = request["service_tier"]?.stringValue
        // Mistral refuses the member, so its adapter leaves it out; Anthropic's tiers have names of their own; MosaicML and the like
        // have none.
        switch provider {
        case "mistral", "cohere", "mosaicml", "huggingface-text-generation-inference", "mlflow-model-serving": return
        case "anthropic" where name != "standard_only":
            terms.tier = .providersChoice
            return
        default: break
        }
        guard let name, !ServiceTier.isAutomatic(name) else {
            terms.tier = Self.withoutTierSettings.contains(provider) ? .standard : .providersChoice
            return
        }
        guard !ServiceTier.isStandard(name) else { return }
        tier = NamedTier(field: "service_tier", name: name)
        terms.tier = .named(name)
    }

    /// Whether a message has a recording in it.
    private static func hasAudio(_ messages: JSONValue?) -> Bool {
        (messages?.arrayValue ?? []).contains { message in
            // What a model has said before is audio, too, when it's named.
            if let audio = message["audio"], audio != .null { return true }
            return (message["content"]?.arrayValue ?? []).contains { $0["type"] == "input_audio" || $0["type"] == "audio" }
        }
    }

    // MARK: OpenAI's responses

    private mutating func readResponses(_ request: JSONObject, _ provider: String) {
        readTier(request, provider)
        if Self.hasAudio(request["input"]) { (audioInputField, terms.hasAudioInput) = ("input", true) }
        if request["background"] == true {
            charge("background")
            isDeferred = true
        }
        // A prompt that is kept at the provider may have tools.
        for name in ["prompt", "search_parameters"] where isGiven(request[name]) { charge(name) }
        // What was said before and is kept at the provider is part of the prompt. The answer counts it, and nothing does so before.
        for name in ["previous_response_id", "conversation"] where isGiven(request[name]) && request[name] != "" { charge(name, isTold: true) }
        let items = request["input"]?.arrayValue ?? []
        if let index = items.firstIndex(where: Self.isReference) { charge("input.\(index)", isTold: true) }
        chargeTools(request, free: Self.freeResponsesTools)
    }

    /// Whether an item of the input names one that is kept at the provider; its type may be left out.
    private static func isReference(_ item: JSONValue) -> Bool {
        guard let object = item.objectValue else { return false }
        switch object["type"] {
        case "item_reference": return true
        case nil, .null: return object["id"] != nil && object["role"] == nil && object["content"] == nil
        default: return false
        }
    }

    // MARK: Anthropic's messages

    /// Tools that the client runs, and Anthropic's that cost no more than tokens, without the dates of their versions.
    private static let freeMessagesTools: Set<String> = [
        "custom", "bash", "text_editor", "computer", "memory", "tool_search_tool_regex", "tool_search_tool_bm25", "mcp_toolset",
    ]

    private mutating func readMessages(_ request: JSONObject) {
        terms.tier = request["service_tier"] == "standard_only" ? .standard : .providersChoice
        if let name = request["service_tier"]?.stringValue, !ServiceTier.isAutomatic(name), !ServiceTier.isStandard(name) {
            tier = NamedTier(field: "service_tier", name: name)
            terms.tier = .named(name)
        }
        if let speed = request["speed"]?.stringValue, !ServiceTier.isStandard(speed) {
            tier = NamedTier(field: "speed", name: speed)
            terms.tier = .named(speed)
        }
        terms.inferenceGeo = request["inference_geo"]?.stringValue
        for (index, tool) in (request["tools"]?.arrayValue ?? []).enumerated() {
            guard let type = tool["type"]?.stringValue else { continue }
            // `web_search_20250305`
            let end = type.lastIndex(of: "_").flatMap { type[type.index(after: $0)...].allSatisfy(\.isNumber) ? $0 : nil }
            let kind = String(type[..<(end ?? type.endIndex)])
            guard !Self.freeMessagesTools.contains(kind) else { continue }
            // The results of these are input, and as many as the model asks for.
            charge("tools.\(index).type", isTold: kind == "web_search" || kind == "web_fetch")
        }
        // A long context that is summed up is read once more.
        for (index, edit) in (request["context_management"]?["edits"]?.arrayValue ?? []).enumerated()
        where edit["type"]?.stringValue?.hasPrefix("compact") ?? false {
            charge("context_management.edits.\(index)", isTold: true)
        }
        if isGiven(request["compaction"]) { charge("compaction", isTold: true) }
        if request["mcp_servers"]?.arrayValue?.isEmpty == false { charge("mcp_servers", isTold: true) }
    }

    // MARK: Parts

    private mutating func chargeTools(_ request: JSONObject, free: Set<String>) {
        for (index, tool) in (request["tools"]?.arrayValue ?? []).enumerated() {
            guard let type = tool["type"]?.stringValue, !free.contains(type) else { continue }
            charge("tools.\(index).type", isTold: Self.remoteTools.contains(type))
        }
    }

    private mutating func charge(_ field: String, isTold: Bool = false) { charges.append(Charge(field: field, isTold: isTold)) }

    private func isGiven(_ value: JSONValue?) -> Bool { value != nil && value != .null }
}

extension RequestPricing {
    /// Why a request can't be reserved for at a price: the member that is to blame, and what helps; `nil` if it can.
    ///
    /// - Parameters:
    ///   - model: as errors name it.
    ///   - prompt: the most tokens that the prompt can have.
    package func problem(with price: ModelPrice, of model: String, prompt: Int64) -> (field: String, message: String)? {
        if let tier, price.tier(tier.name) == nil {
            return (
                tier.field,
                "the price of '\(tier.name)' for \(model) is unknown. Add service_tiers: {\(tier.name): {input: …, output: …}} to the model's "
                    + "prices to allow it"
            )
        }
        if let geo = terms.inferenceGeo, price.factor(geo) == nil {
            return (
                "inference_geo",
                "the price of '\(geo)' for \(model) is unknown. Add inference_geo: {\(geo): 1.1} to the model's prices, the multiple of the "
                    + "other prices, to allow it"
            )
        }
        if let gap = price.gap(prompt: prompt, terms: terms) { return problem(gap, of: model) }
        guard let charge = charges.first, !price.standard.rates.isFree else { return nil }
        return (
            charge.field,
            "\(model) bills it beside the tokens of the request and the longest answer, so the most that it can cost is not known. Leave "
                + "it out, or use a route that no budget with action: reject counts"
        )
    }

    private func problem(_ gap: ModelPrice.Gap, of model: String) -> (field: String, message: String) {
        let (field, what, missing): (String?, String, String) =
            switch gap.kind {
            case .audioInput: (audioInputField, "audio input", "audio_input")
            case .audioOutput: (audioOutputField, "audio output", "audio_output")
            case .longContext(let threshold): (tier?.field, "prompts with more than \(threshold) tokens", "long_context")
            }
        guard let name = gap.tier else {
            return (field ?? "model", "the price of \(what) for \(model) is unknown. Add \(missing) to the model's prices to allow it")
        }
        let isChosen = tier == nil
        return (
            field ?? "service_tier",
            "the price of \(what) for \(model) is unknown at the service tier '\(name)'\(isChosen ? ", which the provider may choose" : ""). Add "
                + "\(missing) to service_tiers.\(name) in the model's prices to allow it, or "
                + (isChosen ? "ask for the default tier" : "leave '\(tier?.field ?? "service_tier")' out")
        )
    }
}

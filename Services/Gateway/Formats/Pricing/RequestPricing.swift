package import JSON
package import ModelPrices

/// The parts of a request that affect its price, for each API of the gateway.
///
/// Accepts any JSON. Anything unknown, such as a new member or a new type of part or tool, counts as a surcharge without a price.
package struct RequestPricing: Sendable, Equatable {
    /// The API of a request.
    package enum API: Sendable, Equatable {
        /// OpenAI's chat completions, completions and embeddings, including the extensions of compatible providers.
        case openAI
        /// OpenAI's Responses API.
        case responses
        /// Anthropic's Messages API.
        case messages
        /// Anthropic's Messages API, translated to chat completions: the translation drops what affects the price and rejects unknown
        /// blocks.
        case translatedMessages
    }

    /// Something that the provider may bill in addition to the bounded tokens of the prompt and the completion.
    package struct Surcharge: Sendable, Equatable {
        /// The path in the request: `tools.0.type`.
        package var field: String
        /// Whether the response reports it, so that its cost is known afterwards.
        package var isReported: Bool
        /// The reason why its maximum cost is unknown.
        package var reason: Reason

        /// The reason why the maximum cost of a surcharge is unknown.
        package enum Reason: Sendable, Equatable {
            /// The provider bills it separately.
            case billedSeparately
            /// An unknown member.
            case unknownMember
            /// A part of the prompt of an unknown type; `nil` if it has no type.
            case unknownPart(String?)
        }

        /// A surcharge for the member at a path.
        package init(field: String, isReported: Bool, reason: Reason = .billedSeparately) {
            self.field = field
            self.isReported = isReported
            self.reason = reason
        }
    }

    /// A requested service tier or speed, and the member that requests it.
    package struct NamedTier: Sendable, Equatable {
        /// The member: `service_tier` or `speed`.
        package var field: String
        /// The requested value, such as `priority`.
        package var name: String
    }

    /// The options that determine the rates.
    package internal(set) var options = PricingOptions()
    /// The requested service tier; `nil` for none or the default one.
    package private(set) var tier: NamedTier?
    /// The member that adds audio to the prompt.
    package internal(set) var audioInputField: String?
    /// The member that requests audio output.
    package private(set) var audioOutputField: String?
    /// The first part of the prompt whose tokens only the provider can count.
    package internal(set) var unsizedField: String?
    /// Possible charges in addition to the bounded tokens.
    package internal(set) var surcharges: [Surcharge] = []
    /// Whether the response is fetched later by other requests, so that the gateway doesn't see its usage.
    package private(set) var isDeferred = false

    /// A request with nothing that affects its price.
    package init() {}

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - request: the request as the provider receives it.
    ///   - provider: the `provider` of the configuration.
    package init(_ request: JSONObject, api: API, provider: String) {
        switch api {
        case .openAI: readOpenAI(request, provider)
        case .responses: readResponses(request, provider)
        case .messages: readMessages(request)
        case .translatedMessages:
            readTier([:], provider)
            readMessages(request, provider, surchargesUnknown: false)
        }
    }

    /// Whether the response reports everything that the request costs.
    package var isReported: Bool { surcharges.allSatisfy(\.isReported) }

    // MARK: OpenAI's API

    /// Providers at which a request without a tier always uses the default one, not one from an account setting.
    private static let providersWithoutTierSettings: Set<String> = ["bedrock", "amazon-bedrock", "gemini", "mistral"]
    /// Tools that the client runs.
    private static let clientTools: Set<String> = ["function", "custom"]
    static let freeResponsesTools: Set<String> = [
        "function", "custom", "local_shell", "apply_patch", "computer", "computer_use_preview", "tool_search", "namespace",
    ]
    /// Tools that run remotely and only cost tokens, whose number is unknown in advance.
    private static let remoteTools: Set<String> = ["mcp"]
    /// Members of OpenAI's and compatible providers' requests that cost more than tokens, with the values that have no effect.
    private static let surchargedMembers: [String: [JSONValue]] = [
        "web_search_options": [],
        // xAI's search and deferred completions.
        "search_parameters": [["mode": "off"]], "deferred": [false],
        // OpenRouter's plugins, and the alternative models and providers that it may route to.
        "plugins": [[]], "models": [[]], "route": [], "provider": [[:]], "preset": [],
        // The tools of Groq's compound models.
        "compound_custom": [],
    ]
    /// Members that only one provider supports; for other providers they are unknown.
    private static let providersByMember: [String: String] = [
        "search_parameters": "xai", "deferred": "xai", "plugins": "openrouter", "models": "openrouter", "route": "openrouter",
        "provider": "openrouter", "preset": "openrouter", "compound_custom": "groq",
    ]

    private mutating func readOpenAI(_ request: JSONObject, _ provider: String) {
        readTier(request, provider)
        readChat(request["messages"], provider)
        guard !KnownParameters.translatedProviders.contains(provider) else { return }
        let modalities = request["modalities"]?.arrayValue ?? []
        if modalities.contains("audio") || isGiven(request["audio"]) {
            (audioOutputField, options.hasAudioOutput) = (modalities.contains("audio") ? "modalities" : "audio", true)
        }
        if modalities.contains(where: { $0 != "text" && $0 != "audio" }) { addSurcharge("modalities") }
        for member in request.members where member.value != .null {
            if let neutral = Self.surchargedMembers[member.name] {
                if neutral.contains(member.value) { continue }
                guard let only = Self.providersByMember[member.name], only != provider else {
                    addSurcharge(member.name)
                    if member.name == "deferred" { isDeferred = true }
                    continue
                }
            }
            switch KnownParameters.openAI(member.name, member.value, provider) {
            case .known: break
            case .unsized: addUnsized(member.name, hasAudio: false)
            case .unknown: addSurcharge(member.name, isReported: true, .unknownMember)
            }
        }
        if let reasoning = request["reasoning"] { addUnknownMembers(reasoning, known: KnownParameters.reasoning, at: "reasoning") }
        addToolSurcharges(request["tools"], free: Self.clientTools, at: "tools")
    }

    private mutating func readTier(_ request: JSONObject, _ provider: String) {
        let name = request["service_tier"]?.stringValue
        // Mistral rejects the member, so its adapter drops it. Anthropic's tiers have other names. MosaicML and similar providers have
        // no tiers.
        switch provider {
        case "mistral", "cohere", "mosaicml", "huggingface-text-generation-inference", "mlflow-model-serving": return
        case "anthropic" where name != "standard_only":
            options.tier = .automatic
            return
        default: break
        }
        guard let name, !ServiceTier.isAutomatic(name) else {
            options.tier = Self.providersWithoutTierSettings.contains(provider) ? .standard : .automatic
            return
        }
        guard !ServiceTier.isStandard(name) else { return }
        tier = NamedTier(field: "service_tier", name: name)
        options.tier = .named(name)
    }

    // MARK: OpenAI's Responses API

    private mutating func readResponses(_ request: JSONObject, _ provider: String) {
        readTier(request, provider)
        readInput(request["input"], provider)
        for member in request.members where member.value != .null && !KnownParameters.responses.contains(member.name) {
            switch member.name {
            // Any other value may count as true.
            case "background" where member.value == false: break
            case "background":
                addSurcharge("background")
                isDeferred = true
            // A prompt stored at the provider may contain tools.
            case "prompt", "search_parameters": addSurcharge(member.name)
            // Earlier messages stored at the provider are part of the prompt. Only the response counts them.
            case "previous_response_id", "conversation":
                if member.value != "" { addSurcharge(member.name, isReported: true) }
            default: addSurcharge(member.name, isReported: true, .unknownMember)
            }
        }
        if let reasoning = request["reasoning"] { addUnknownMembers(reasoning, known: KnownParameters.reasoning, at: "reasoning") }
        addToolSurcharges(request["tools"], free: Self.freeResponsesTools, at: "tools")
    }

    // MARK: Anthropic's Messages API

    /// Types of tools that the client runs or that only cost tokens, without their version dates.
    private static let freeMessagesTools: Set<String> = [
        "custom", "bash", "text_editor", "computer", "memory", "tool_search_tool_regex", "tool_search_tool_bm25", "mcp_toolset",
    ]

    private mutating func readMessages(_ request: JSONObject) {
        options.tier = request["service_tier"] == "standard_only" ? .standard : .automatic
        if let name = request["service_tier"]?.stringValue, !ServiceTier.isAutomatic(name), !ServiceTier.isStandard(name) {
            tier = NamedTier(field: "service_tier", name: name)
            options.tier = .named(name)
        }
        if let speed = request["speed"]?.stringValue, !ServiceTier.isStandard(speed) {
            tier = NamedTier(field: "speed", name: speed)
            options.tier = .named(speed)
        }
        options.inferenceGeo = request["inference_geo"]?.stringValue
        readMessages(request, "anthropic")
        for (index, tool) in (request["tools"]?.arrayValue ?? []).enumerated() {
            guard let type = tool["type"]?.stringValue else { continue }
            // `web_search_20250305`
            let end = type.lastIndex(of: "_").flatMap { type[type.index(after: $0)...].allSatisfy(\.isNumber) ? $0 : nil }
            let kind = String(type[..<(end ?? type.endIndex)])
            guard !Self.freeMessagesTools.contains(kind) else { continue }
            // Search and fetch results are input tokens, and the model decides how many there are.
            addSurcharge("tools.\(index).type", isReported: kind == "web_search" || kind == "web_fetch")
        }
        // Summarizing a long context reads it again.
        for (index, edit) in (request["context_management"]?["edits"]?.arrayValue ?? []).enumerated()
        where edit["type"]?.stringValue?.hasPrefix("clear_") != true {
            addSurcharge("context_management.edits.\(index)", isReported: true)
        }
        for member in request.members where member.value != .null && !KnownParameters.messages.contains(member.name) {
            switch member.name {
            case "compaction": addSurcharge("compaction", isReported: true)
            case "mcp_servers":
                if member.value != [] { addSurcharge("mcp_servers", isReported: true) }
            default: addSurcharge(member.name, isReported: true, .unknownMember)
            }
        }
        if let management = request["context_management"] {
            addUnknownMembers(management, known: ["edits"], at: "context_management")
        }
        if let config = request["output_config"] {
            addUnknownMembers(config, known: KnownParameters.outputConfig, at: "output_config")
        }
    }

    // MARK: Surcharges

    /// Adds surcharges for tools that the client doesn't run, including nested tools.
    mutating func addToolSurcharges(_ tools: JSONValue?, free: Set<String>, at path: String) {
        for (index, tool) in (tools?.arrayValue ?? []).enumerated() {
            let path = "\(path).\(index)"
            if let type = tool["type"]?.stringValue {
                if !free.contains(type) { addSurcharge("\(path).type", isReported: Self.remoteTools.contains(type)) }
            } else {
                addSurcharge(path, isReported: true, .unknownPart(nil))
            }
            addToolSurcharges(tool["tools"], free: free, at: "\(path).tools")
        }
    }

    /// Adds surcharges for the unknown members of an object.
    mutating func addUnknownMembers(_ value: JSONValue, known: Set<String>, at path: String) {
        for member in value.objectValue?.members ?? [] where member.value != .null && !known.contains(member.name) {
            addSurcharge("\(path).\(member.name.excerpt())", isReported: true, .unknownMember)
        }
    }

    mutating func addSurcharge(_ field: String, isReported: Bool = false, _ reason: Surcharge.Reason = .billedSeparately) {
        // Limits the number of surcharges, but always includes one that the response doesn't report.
        guard surcharges.count < 20 || (!isReported && self.isReported) else { return }
        surcharges.append(Surcharge(field: field, isReported: isReported, reason: reason))
    }

    /// Records audio in the prompt.
    mutating func addAudioInput(_ field: String, at path: String) {
        (audioInputField, options.hasAudioInput) = (audioInputField ?? field, true)
        addUnsized(path, hasAudio: true)
    }

    /// Records a part of the prompt whose tokens only the provider can count.
    mutating func addUnsized(_ field: String, hasAudio: Bool) {
        unsizedField = unsizedField ?? field
        if hasAudio { options.hasAudioInput = true }
    }

    private func isGiven(_ value: JSONValue?) -> Bool { value != nil && value != .null }
}

extension RequestPricing {
    /// The reason why the maximum cost of a request is unknown at a price, with the responsible member and a remedy; `nil` if it is known.
    ///
    /// - Parameters:
    ///   - model: the name of the model for the message.
    ///   - counted: the upper bound on the tokens of everything that the gateway can count itself.
    package func problem(with price: ModelPrice, of model: String, prompt counted: Int64) -> (field: String, message: String)? {
        let prompt = promptBound(counted, at: price)
        if let tier, price.tier(tier.name) == nil {
            return (
                tier.field,
                "the price of '\(tier.name)' for \(model) is unknown. Add service_tiers: {\(tier.name): {input: …, output: …}} to the "
                    + "model's prices to allow it"
            )
        }
        if let geo = options.inferenceGeo, price.geoMultiplier(geo) == nil {
            return (
                "inference_geo",
                "the price of '\(geo)' for \(model) is unknown. Add inference_geo: {\(geo): 1.1}, a multiplier for the other prices, to "
                    + "the model's prices to allow it"
            )
        }
        if let gap = price.unknownRate(prompt: prompt, options: options) { return problem(gap, of: model) }
        guard !price.standard.rates.isFree else { return nil }
        if let surcharge = surcharges.first { return problem(surcharge, of: model) }
        guard let unsizedField, price.contextWindow == nil else { return nil }
        return (
            unsizedField,
            "its number of tokens is unknown until \(model) reads it. Add context_window, the maximum tokens of a prompt, to the model's "
                + "prices to allow it"
        )
    }

    /// The upper bound on prompt tokens. If only the provider can count a part of the prompt, this is the model's context window, if known.
    ///
    /// - Parameter counted: the upper bound on the tokens of everything that the gateway can count itself.
    package func promptBound(_ counted: Int64, at price: ModelPrice?) -> Int64 {
        unsizedField == nil ? counted : max(counted, price?.contextWindow ?? 0)
    }

    private func problem(_ surcharge: Surcharge, of model: String) -> (field: String, message: String) {
        let why =
            switch surcharge.reason {
            case .billedSeparately:
                "\(model) bills it in addition to the tokens of the request and the completion, so its maximum cost is unknown"
            case .unknownMember: "it is not a known parameter, so its maximum cost at \(model) is unknown"
            case .unknownPart(let type?): "the maximum cost of parts of type '\(type)' at \(model) is unknown"
            case .unknownPart(nil): "it has no type, so its maximum cost at \(model) is unknown"
            }
        return (surcharge.field, "\(why). Omit it, or use a route without a budget that has action: reject")
    }

    private func problem(_ gap: ModelPrice.UnknownRate, of model: String) -> (field: String, message: String) {
        let (field, what, missing): (String?, String, String) =
            switch gap.kind {
            case .audioInput: (audioInputField ?? unsizedField, "audio input", "audio_input")
            case .audioOutput: (audioOutputField, "audio output", "audio_output")
            case .longContext(let threshold): (tier?.field, "prompts with more than \(threshold) tokens", "long_context")
            }
        guard let name = gap.tier else {
            return (field ?? "model", "the price of \(what) for \(model) is unknown. Add \(missing) to the model's prices to allow it")
        }
        let isChosen = tier == nil
        return (
            field ?? "service_tier",
            "the price of \(what) for \(model) is unknown at the service tier '\(name)'"
                + (isChosen ? ", which the provider may choose" : "")
                + ". Add \(missing) to service_tiers.\(name) in the model's prices to allow it, or "
                + (isChosen ? "request the default tier" : "omit '\(tier?.field ?? "service_tier")'")
        )
    }
}

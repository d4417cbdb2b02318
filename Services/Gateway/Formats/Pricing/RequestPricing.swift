package import JSON
package import ModelPrices

/// What a request asks for that changes its price, by the APIs that the gateway serves.
///
/// Reads any JSON without failing. What isn't known here, such as a new member, a new kind of part or of tool, counts as something
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
        /// Anthropic's messages, translated for a provider of chats: the translation leaves out what changes a price, and refuses blocks
        /// that it doesn't know.
        case translatedMessages
    }

    /// Something that the provider bills beside the tokens of the request and of the longest answer.
    package struct Surcharge: Sendable, Equatable {
        /// Where it stands in the request: `tools.0.type`.
        package var field: String
        /// Whether the response tells what it comes to, so that its cost can be known in the end, though not before.
        package var isReported: Bool
        package var reason: Reason

        /// Why nobody knows the most that it can cost.
        package enum Reason: Sendable, Equatable {
            case billedSeparately
            /// A member that isn't known here.
            case unknownMember
            /// A part of the prompt whose type isn't known here, or that has none.
            case unknownPart(String?)
        }

        package init(field: String, isReported: Bool, reason: Reason = .billedSeparately) {
            self.field = field
            self.isReported = isReported
            self.reason = reason
        }
    }

    /// A service tier or speed that the request asks for, and the member that does.
    package struct NamedTier: Sendable, Equatable {
        package var field: String
        package var name: String
    }

    package internal(set) var options = PricingOptions()
    /// `nil` where the request asks for none, or for the default one.
    package private(set) var tier: NamedTier?
    /// The members that bring audio into the prompt or the response.
    package internal(set) var audioInputField: String?
    package private(set) var audioOutputField: String?
    /// The first part of the prompt whose tokens nobody can count before the provider does.
    package internal(set) var unsizedField: String?
    package internal(set) var surcharges: [Surcharge] = []
    /// Whether the response comes later and in another way, so that nothing of it is seen.
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
        case .translatedMessages:
            readTier([:], provider)
            readMessages(request, provider, refusesUnknown: false)
        }
    }

    /// Whether the response tells all that it costs.
    package var isReported: Bool { surcharges.allSatisfy(\.isReported) }

    // MARK: OpenAI's API

    /// Providers at which a request without a tier gets the default one, and not the one of a setting.
    private static let providersWithoutTierSettings: Set<String> = ["bedrock", "amazon-bedrock", "gemini", "mistral"]
    /// Tools that the client runs.
    private static let clientTools: Set<String> = ["function", "custom"]
    static let freeResponsesTools: Set<String> = [
        "function", "custom", "local_shell", "apply_patch", "computer", "computer_use_preview", "tool_search", "namespace",
    ]
    /// Tools that run elsewhere and cost tokens only, though nobody knows how many before.
    private static let remoteTools: Set<String> = ["mcp"]
    /// Members of chats, of OpenAI and of those who have added some, that cost more than tokens, and the values that change nothing.
    private static let surchargedMembers: [String: [JSONValue]] = [
        "web_search_options": [],
        // xAI's search, and its answers that are fetched later.
        "search_parameters": [["mode": "off"]], "deferred": [false],
        // OpenRouter's plug-ins, and other models and providers that it may take.
        "plugins": [[]], "models": [[]], "route": [], "provider": [[:]], "preset": [],
        // Groq's tools of its compound models.
        "compound_custom": [],
    ]
    /// These mean something to the providers that have them only; elsewhere they are unknown.
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
        // Mistral refuses the member, so its adapter leaves it out; Anthropic's tiers have names of their own; MosaicML and the like
        // have none.
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

    // MARK: OpenAI's responses

    private mutating func readResponses(_ request: JSONObject, _ provider: String) {
        readTier(request, provider)
        readInput(request["input"], provider)
        for member in request.members where member.value != .null && !KnownParameters.responses.contains(member.name) {
            switch member.name {
            // Whatever the provider takes for true.
            case "background" where member.value == false: break
            case "background":
                addSurcharge("background")
                isDeferred = true
            // A prompt that is kept at the provider may have tools.
            case "prompt", "search_parameters": addSurcharge(member.name)
            // What was said before and is kept at the provider is part of the prompt. The response counts it, and nothing does so before.
            case "previous_response_id", "conversation":
                if member.value != "" { addSurcharge(member.name, isReported: true) }
            default: addSurcharge(member.name, isReported: true, .unknownMember)
            }
        }
        if let reasoning = request["reasoning"] { addUnknownMembers(reasoning, known: KnownParameters.reasoning, at: "reasoning") }
        addToolSurcharges(request["tools"], free: Self.freeResponsesTools, at: "tools")
    }

    // MARK: Anthropic's messages

    /// Tools that the client runs, and Anthropic's that cost no more than tokens, without the dates of their versions.
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
            // The results of these are input, and as many as the model asks for.
            addSurcharge("tools.\(index).type", isReported: kind == "web_search" || kind == "web_fetch")
        }
        // A long context that is summed up is read once more.
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

    // MARK: What it comes to

    /// Adds surcharges for tools that run elsewhere, also those that stand in others.
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

    /// Adds surcharges for the members of an object that aren't known.
    mutating func addUnknownMembers(_ value: JSONValue, known: Set<String>, at path: String) {
        for member in value.objectValue?.members ?? [] where member.value != .null && !known.contains(member.name) {
            addSurcharge("\(path).\(member.name.excerpt())", isReported: true, .unknownMember)
        }
    }

    mutating func addSurcharge(_ field: String, isReported: Bool = false, _ reason: Surcharge.Reason = .billedSeparately) {
        // A long list needn't be told to its end.
        guard surcharges.count < 20 || (!isReported && self.isReported) else { return }
        surcharges.append(Surcharge(field: field, isReported: isReported, reason: reason))
    }

    /// The prompt has a recording in it.
    mutating func addAudioInput(_ field: String, at path: String) {
        (audioInputField, options.hasAudioInput) = (audioInputField ?? field, true)
        addUnsized(path, hasAudio: true)
    }

    /// The prompt has something in it whose tokens nobody can count.
    mutating func addUnsized(_ field: String, hasAudio: Bool) {
        unsizedField = unsizedField ?? field
        if hasAudio { options.hasAudioInput = true }
    }

    private func isGiven(_ value: JSONValue?) -> Bool { value != nil && value != .null }
}

extension RequestPricing {
    /// Why a request can't be reserved for at a price: the member that is to blame, and what helps; `nil` if it can.
    ///
    /// - Parameters:
    ///   - model: as errors name it.
    ///   - counted: the most tokens that the prompt can have, but for what can't be counted.
    package func problem(with price: ModelPrice, of model: String, prompt counted: Int64) -> (field: String, message: String)? {
        let prompt = promptBound(counted, at: price)
        if let tier, price.tier(tier.name) == nil {
            return (
                tier.field,
                "the price of '\(tier.name)' for \(model) is unknown. Add service_tiers: {\(tier.name): {input: …, output: …}} to the model's "
                    + "prices to allow it"
            )
        }
        if let geo = options.inferenceGeo, price.geoMultiplier(geo) == nil {
            return (
                "inference_geo",
                "the price of '\(geo)' for \(model) is unknown. Add inference_geo: {\(geo): 1.1} to the model's prices, the multiple of the "
                    + "other prices, to allow it"
            )
        }
        if let gap = price.unknownRate(prompt: prompt, options: options) { return problem(gap, of: model) }
        guard !price.standard.rates.isFree else { return nil }
        if let surcharge = surcharges.first { return problem(surcharge, of: model) }
        guard let unsizedField, price.contextWindow == nil else { return nil }
        return (
            unsizedField,
            "how many tokens it has is not known before \(model) has read it. Add context_window to the model's prices, the most tokens of "
                + "a prompt, to allow it"
        )
    }

    /// The most tokens that the prompt can have: where something in it can't be counted, as many as the model takes, if that is known.
    ///
    /// - Parameter counted: the most tokens of what can be counted.
    package func promptBound(_ counted: Int64, at price: ModelPrice?) -> Int64 {
        unsizedField == nil ? counted : max(counted, price?.contextWindow ?? 0)
    }

    private func problem(_ surcharge: Surcharge, of model: String) -> (field: String, message: String) {
        let why =
            switch surcharge.reason {
            case .billedSeparately:
                "\(model) bills it beside the tokens of the request and the longest answer, so the most that it can cost is not known"
            case .unknownMember: "the gateway doesn't know this member, nor the most that it can cost at \(model)"
            case .unknownPart(let type?): "the gateway doesn't know parts of type '\(type)', nor the most that they can cost at \(model)"
            case .unknownPart(nil): "it has no type, so the most that it can cost at \(model) is not known"
            }
        return (surcharge.field, "\(why). Leave it out, or use a route that no budget with action: reject counts")
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
            "the price of \(what) for \(model) is unknown at the service tier '\(name)'\(isChosen ? ", which the provider may choose" : ""). Add "
                + "\(missing) to service_tiers.\(name) in the model's prices to allow it, or "
                + (isChosen ? "ask for the default tier" : "leave '\(tier?.field ?? "service_tier")' out")
        )
    }
}

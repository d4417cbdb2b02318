internal import JSON
internal import PluginHost

// Endpoints and routes, in MLflow's forms and with what ours have on top.

extension ConfigurationReading {
    /// An element of `endpoints:`.
    func endpoint(_ node: ConfigurationNode, _ defaults: CallPolicy, _ limits: inout [LimitRule]) -> EndpointSettings? {
        guard let members = node.members() else { return nil }
        return endpoint(members, taskKey: "endpoint_type", .endpoints, defaults, &limits)
    }

    /// An element of `routes:` in MLflow 2.5's form.
    func route25(_ members: Members, _ defaults: CallPolicy, _ limits: inout [LimitRule]) -> EndpointSettings? {
        endpoint(members, taskKey: "route_type", .routes25, defaults, &limits)
    }

    private func endpoint(
        _ members: Members, taskKey: String, _ generation: RouteGeneration, _ defaults: CallPolicy, _ limits: inout [LimitRule]
    ) -> EndpointSettings? {
        let nameNode = members.required("name")
        let name = nameNode.flatMap(self.name)
        let task = members.required(taskKey).flatMap { $0.choice(RouteTask.choices) }
        let model = members.required("model")?.members()
        let provider = model?.required("provider").flatMap { self.provider($0, task) }
        let modelName = provider?.servesOneModel == true ? model?["name"]?.text() : model?.required("name")?.text()
        let configNode = model?["config"]
        let config = provider.flatMap { provider in self.config(configNode, provider) } ?? [:]
        model?.noteUnknown()
        let limitNode = members["limit"]
        let policy = policy(members, of: defaults)
        let most = members["max_output_tokens"]?.integer(1...100_000_000)
        members.noteUnknown()
        guard let name, let task, let provider, modelName != nil || provider.servesOneModel else { return nil }
        if let limitNode, let rule = mlflowLimit(limitNode, route: name) { limits.append(rule) }
        return EndpointSettings(
            name: name, line: nameNode?.line ?? 1, task: task, generation: generation, provider: provider.name,
            model: modelName ?? provider.name, config: config, configLine: configNode?.line ?? nameNode?.line ?? 1,
            limit: limitNode?.json(), policy: policy, maxOutputTokens: most)
    }

    /// An element of `routes:` with destinations.
    func split(_ members: Members, _ defaults: CallPolicy) -> SplitSettings? {
        let nameNode = members.required("name")
        let name = nameNode.flatMap(self.name)
        let task = members.required("task_type").flatMap { $0.choice(RouteTask.choices) }
        let strategies = [SplitSettings.Strategy.trafficSplit, .leastLoaded].map { ($0.rawValue, $0) }
        let strategy = members["routing_strategy"].map { $0.choice(strategies) } ?? .trafficSplit
        let destinationsNode = members.required("destinations")
        let destinations = (destinationsNode?.elements() ?? []).compactMap { element -> SplitSettings.Destination? in
            guard let members = element.members() else { return nil }
            let name = members.required("name")?.text()
            let weight = members["traffic_percentage"].map { $0.integer(0...100) } ?? (strategy == .leastLoaded ? 1 : 100)
            members.noteUnknown()
            guard let name, let weight else { return nil }
            return SplitSettings.Destination(name: name, weight: weight)
        }
        let sum = destinations.map(\.weight).reduce(0, +)
        if let destinationsNode, strategy == .trafficSplit, sum != 100, problems.problems.isEmpty {
            destinationsNode.problem("the traffic percentages must sum up to 100, not \(sum)")
        }
        // Tries and times are the endpoints'.
        var policy = defaults
        readShared(members, into: &policy)
        members.noteUnknown()
        guard let name, let task, let strategy, !destinations.isEmpty else { return nil }
        return SplitSettings(
            name: name, line: nameNode?.line ?? 1, task: task, destinations: destinations, strategy: strategy, policy: policy)
    }

    /// `retries`, `timeouts`, `cache` and `fallback`; what is left out is as in `defaults`.
    func policy(_ members: Members, of defaults: CallPolicy) -> CallPolicy {
        var policy = defaults
        if let node = members["retries"], let retries = node.members() {
            retries["attempts"].flatMap { $0.integer(0...20) }.map { policy.retries = Int($0) }
            retries["backoff"].flatMap { $0.duration() }.map { policy.backoff = $0 }
            retries["max_backoff"].flatMap { $0.duration() }.map { policy.maxBackoff = $0 }
            retries.noteUnknown()
        }
        if let node = members["timeouts"], let timeouts = node.members() {
            timeouts["connect"].flatMap { positive($0) }.map { policy.connectTimeout = $0 }
            timeouts["first_byte"].flatMap { positive($0) }.map { policy.firstByteTimeout = $0 }
            timeouts["total"].flatMap { positive($0) }.map { policy.totalTimeout = $0 }
            timeouts.noteUnknown()
        }
        readShared(members, into: &policy)
        return policy
    }

    /// `cache` and `fallback`.
    private func readShared(_ members: Members, into policy: inout CallPolicy) {
        if let node = members["cache"], let cache = node.members() {
            policy.cacheLifetime = cache.required("ttl").flatMap { $0.duration() }
            cache.noteUnknown()
        }
        if let node = members["fallback"] {
            policy.fallback = node.elements().compactMap { $0.text() }
            policy.fallbackLine = node.line
        }
    }

    private func positive(_ node: ConfigurationNode) -> Duration? {
        guard let duration = node.duration() else { return nil }
        guard duration > .zero else {
            node.problem("expected more than nothing")
            return nil
        }
        return duration
    }

    /// A provider that an adapter is loaded for.
    private func provider(_ node: ConfigurationNode, _ task: RouteTask?) -> ProviderFacts? {
        guard let name = node.text() else { return nil }
        guard let facts = catalog.facts(of: name) else {
            let known = catalog.adapters.flatMap(\.providerNames).sorted().joined(separator: ", ")
            node.problem("no adapter for the provider '\(name.prefix(40))' is loaded; there are: \(known)")
            return nil
        }
        // A 2.5 gateway had completions of chat models too.
        if let task, !facts.tasks.isEmpty, !facts.tasks.contains(task.adapterTask), !(task == .completions && facts.tasks.contains(.chat)) {
            node.problem("the provider \(name) can't do \(task.rawValue)")
        }
        return facts
    }

    /// The adapter's part, with its secrets in place.
    private func config(_ node: ConfigurationNode?, _ provider: ProviderFacts) -> JSONObject {
        guard let node else { return [:] }
        guard let members = node.members() else { return [:] }
        var config = JSONObject()
        for (key, value) in members.all {
            guard provider.configKeys.isEmpty || provider.configKeys.contains(key) else {
                value.problem("the provider \(provider.name) has no such key; there are: \(provider.configKeys.sorted().joined(separator: ", "))")
                continue
            }
            config[key] = resolved(value, isSecret: provider.secretKeys.contains(key))
        }
        return config
    }

    /// Texts that name a variable are replaced everywhere, files where a secret is expected.
    private func resolved(_ node: ConfigurationNode, isSecret: Bool) -> JSONValue {
        if node.isMapping {
            guard let members = node.members() else { return .null }
            return .object(JSONObject(members.all.map { .init(name: $0.key, value: resolved($0.value, isSecret: isSecret)) }))
        }
        let value = node.json()
        guard let text = value.stringValue, isSecret || text.hasPrefix("$") else { return value }
        do {
            return .string(try SecretReference.resolve(text))
        } catch {
            node.problem(error.message)
            return .null
        }
    }
}

/// What a configuration must know of a provider.
struct ProviderFacts: Sendable {
    var name: String
    var tasks: [AdapterTask]
    /// The tasks of which it has streams.
    var streams: [AdapterTask]
    /// Whether a model's name may be left out.
    var servesOneModel: Bool
    var configKeys: Set<String>
    var secretKeys: Set<String>
}

extension AdapterCatalog {
    func facts(of provider: String) -> ProviderFacts? {
        guard let description = self[provider]?.providers.first(where: { $0["name"]?.stringValue == provider }) else { return nil }
        let keys = description["config"]?.arrayValue ?? []
        func names(where condition: (JSONValue) -> Bool) -> Set<String> {
            Set(keys.filter(condition).compactMap { $0["name"]?.stringValue })
        }
        func tasks(_ member: String) -> [AdapterTask] {
            (description[member]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(AdapterTask.init) }
        }
        return ProviderFacts(
            name: provider, tasks: tasks("tasks"), streams: tasks("streams"), servesOneModel: description["serves_one_model"]?.boolValue == true,
            configKeys: names { _ in true },
            // Of an object, any member may be one.
            secretKeys: names { $0["secret"]?.boolValue == true || $0["type"]?.stringValue == "object" })
    }
}

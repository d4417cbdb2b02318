internal import AdapterHost
internal import JSON

// Endpoints and routes, in MLflow's formats with additional keys.

extension ConfigurationParser {
    /// Parses an element of `endpoints:`. A `limit` in it is added to `limits`.
    func endpoint(_ node: ConfigurationNode, _ defaults: RequestPolicy, _ limits: inout [LimitRule]) -> EndpointSettings? {
        guard let members = node.members() else { return nil }
        return endpoint(members, taskKey: "endpoint_type", .endpoints, defaults, &limits)
    }

    /// Parses an element of `routes:` in MLflow 2.5's format.
    func mlflow25Route(
        _ members: ConfigurationMapping, _ defaults: RequestPolicy, _ limits: inout [LimitRule]
    ) -> EndpointSettings? {
        endpoint(members, taskKey: "route_type", .routes25, defaults, &limits)
    }

    private func endpoint(
        _ members: ConfigurationMapping, taskKey: String, _ generation: RouteGeneration, _ defaults: RequestPolicy,
        _ limits: inout [LimitRule]
    ) -> EndpointSettings? {
        let nameNode = members.required("name")
        let name = nameNode.flatMap(self.name)
        let task = members.required(taskKey).flatMap { $0.choice(RouteTask.choices) }
        let model = members.required("model")?.members()
        let provider = model?.required("provider").flatMap { self.provider($0, task) }
        let modelName = provider?.servesOneModel == true ? model?["name"]?.string() : model?.required("name")?.string()
        let configNode = model?["config"]
        let config = provider.flatMap { provider in self.config(configNode, provider) } ?? [:]
        model?.reportUnknownKeys()
        let limitNode = members["limit"]
        let policy = policy(members, of: defaults)
        let maxOutputTokens = members["max_output_tokens"]?.integer(1...100_000_000)
        members.reportUnknownKeys()
        guard let name, let task, let provider, modelName != nil || provider.servesOneModel else { return nil }
        if let limitNode, let rule = mlflowLimit(limitNode, route: name) { limits.append(rule) }
        return EndpointSettings(
            name: name, line: nameNode?.line ?? 1, task: task, generation: generation, provider: provider.name,
            model: modelName ?? provider.name, config: config, configLine: configNode?.line ?? nameNode?.line ?? 1,
            limit: limitNode?.json(), policy: policy, maxOutputTokens: maxOutputTokens)
    }

    /// Parses an element of `routes:` with destinations.
    func trafficRoute(_ members: ConfigurationMapping, _ defaults: RequestPolicy) -> TrafficRouteSettings? {
        let nameNode = members.required("name")
        let name = nameNode.flatMap(self.name)
        let task = members.required("task_type").flatMap { $0.choice(RouteTask.choices) }
        let strategies = [TrafficRouteSettings.Strategy.trafficSplit, .leastLoaded].map { ($0.rawValue, $0) }
        let strategy = members["routing_strategy"].map { $0.choice(strategies) } ?? .trafficSplit
        let destinationsNode = members.required("destinations")
        let destinations = (destinationsNode?.elements() ?? []).compactMap { element -> TrafficRouteSettings.Destination? in
            guard let members = element.members() else { return nil }
            let name = members.required("name")?.string()
            let weight = members["traffic_percentage"].map { $0.integer(0...100) } ?? (strategy == .leastLoaded ? 1 : 100)
            members.reportUnknownKeys()
            guard let name, let weight else { return nil }
            return TrafficRouteSettings.Destination(name: name, weight: weight)
        }
        let sum = destinations.map(\.weight).reduce(0, +)
        if let destinationsNode, strategy == .trafficSplit, sum != 100, problems.problems.isEmpty {
            destinationsNode.problem("the traffic percentages must add up to 100, not \(sum)")
        }
        // Retries and timeouts are those of the endpoints.
        var policy = defaults
        parseCacheAndFallback(members, into: &policy)
        members.reportUnknownKeys()
        guard let name, let task, let strategy, !destinations.isEmpty else { return nil }
        return TrafficRouteSettings(
            name: name, line: nameNode?.line ?? 1, task: task, destinations: destinations, strategy: strategy, policy: policy)
    }

    /// Parses `retries`, `timeouts`, `cache` and `fallback`, with `defaults` for the values that are missing.
    func policy(_ members: ConfigurationMapping, of defaults: RequestPolicy) -> RequestPolicy {
        var policy = defaults
        if let node = members["retries"], let retries = node.members() {
            retries["attempts"].flatMap { $0.integer(0...20) }.map { policy.retries = Int($0) }
            retries["backoff"].flatMap { $0.duration() }.map { policy.backoff = $0 }
            retries["max_backoff"].flatMap { $0.duration() }.map { policy.maxBackoff = $0 }
            retries.reportUnknownKeys()
        }
        if let node = members["timeouts"], let timeouts = node.members() {
            timeouts["connect"].flatMap { positive($0) }.map { policy.connectTimeout = $0 }
            timeouts["first_byte"].flatMap { positive($0) }.map { policy.firstByteTimeout = $0 }
            timeouts["total"].flatMap { positive($0) }.map { policy.totalTimeout = $0 }
            timeouts.reportUnknownKeys()
        }
        parseCacheAndFallback(members, into: &policy)
        return policy
    }

    /// Parses `cache` and `fallback`.
    private func parseCacheAndFallback(_ members: ConfigurationMapping, into policy: inout RequestPolicy) {
        if let node = members["cache"], let cache = node.members() {
            policy.cacheLifetime = cache.required("ttl").flatMap { $0.duration() }
            cache.reportUnknownKeys()
        }
        if let node = members["fallback"] {
            policy.fallback = node.elements().compactMap { $0.string() }
            policy.fallbackLine = node.line
        }
    }

    private func positive(_ node: ConfigurationNode) -> Duration? {
        guard let duration = node.duration() else { return nil }
        guard duration > .zero else {
            node.problem("expected a duration greater than zero")
            return nil
        }
        return duration
    }

    /// Parses the name of a provider, for which an adapter must be loaded.
    private func provider(_ node: ConfigurationNode, _ task: RouteTask?) -> ProviderDescriptor? {
        guard let name = node.string() else { return nil }
        guard let descriptor = catalog.descriptor(of: name) else {
            let known = Set(catalog.adapters.flatMap(\.providerNames)).sorted().joined(separator: ", ")
            node.problem("no adapter is loaded for the provider '\(name.prefix(40))'; valid providers: \(known)")
            return nil
        }
        // MLflow 2.5 also served completions with chat models.
        if let task, !descriptor.tasks.isEmpty, !descriptor.tasks.contains(task.adapterTask),
            !(task == .completions && descriptor.tasks.contains(.chat))
        {
            node.problem("the provider \(name) doesn't support \(task.rawValue)")
        }
        return descriptor
    }

    /// Parses an adapter's configuration and resolves the secrets in it.
    private func config(_ node: ConfigurationNode?, _ provider: ProviderDescriptor) -> JSONObject {
        guard let node else { return [:] }
        guard let members = node.members() else { return [:] }
        var config = JSONObject()
        for (key, value) in members.all {
            guard provider.configKeys.isEmpty || provider.configKeys.contains(key) else {
                let known = provider.configKeys.sorted().joined(separator: ", ")
                value.problem("unknown key for the provider \(provider.name); valid keys: \(known)")
                continue
            }
            config[key] = resolved(value, isSecret: provider.secretKeys.contains(key))
        }
        return config
    }

    /// Replaces the names of environment variables everywhere, and the paths of files where a secret is expected.
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

internal import AdapterHost
internal import ServiceKit

/// Parses a configuration file and collects its mistakes.
struct ConfigurationParser {
    let catalog: AdapterCatalog
    let problems: ProblemList

    /// Returns the configuration, which is usable only if no problems were added.
    func configuration(_ root: ConfigurationNode) -> GatewayConfiguration {
        var configuration = GatewayConfiguration()
        guard let top = root.members() else { return configuration }
        let defaults = policy(top, of: RequestPolicy())
        for node in top["endpoints"]?.elements() ?? [] {
            if let endpoint = endpoint(node, defaults, &configuration.limits) { configuration.endpoints.append(endpoint) }
        }
        for node in top["routes"]?.elements() ?? [] {
            guard let members = node.members() else { continue }
            if members["destinations"] != nil {
                if let trafficRoute = trafficRoute(members, defaults) { configuration.trafficRoutes.append(trafficRoute) }
            } else if let route = mlflow25Route(members, defaults, &configuration.limits) {
                configuration.endpoints.append(route)
            }
        }
        configuration.teams = (top["teams"]?.elements() ?? []).compactMap(team)
        for node in top["keys"]?.elements() ?? [] { if let key = key(node) { configuration.keys.append(key) } }
        for node in top["limits"]?.elements() ?? [] { if let rule = limit(node) { configuration.limits.append(rule) } }
        for node in top["budgets"]?.elements() ?? [] { if let rule = budget(node) { configuration.limits.append(rule) } }
        if let prices = top["prices"]?.members() { parsePrices(prices, into: &configuration.prices) }
        configuration.requireKeys = top["require_keys"]?.boolean()
        configuration.adminKey = top["admin_key"].flatMap { secret($0) } ?? Environment["UNLADEN_ADMIN_KEY"]
        if let usage = top["usage"]?.members() {
            configuration.usageRetention = usage["retention"]?.duration(needsUnit: true)
            usage.reportUnknownKeys()
        }
        configuration.traces = top["traces"].flatMap(traces)
        if configuration.endpoints.isEmpty, top["endpoints"] == nil, top["routes"] == nil {
            root.problem("expected 'endpoints:' or 'routes:'")
        }
        top.reportUnknownKeys()
        ConfigurationValidator(configuration: configuration, problems: problems).validate()
        return configuration
    }

    /// Resolves a secret; see `SecretReference`.
    func secret(_ node: ConfigurationNode) -> String? {
        guard let text = node.string() else { return nil }
        do {
            return try SecretReference.resolve(text)
        } catch {
            node.problem(error.message)
            return nil
        }
    }

    /// Parses a name, which must be usable in a URL's path.
    func name(_ node: ConfigurationNode) -> String? {
        guard let name = node.string() else { return nil }
        let allowed = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "_-.".unicodeScalars.contains(scalar)
        }
        guard allowed, name.utf8.count <= 200 else {
            node.problem("a name may contain only letters, digits, '_', '-' and '.', and at most 200 bytes; found '\(name.prefix(40))'")
            return nil
        }
        return name
    }
}

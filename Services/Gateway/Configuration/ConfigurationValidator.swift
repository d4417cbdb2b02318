internal import ModelPrices

/// Checks the relations between the parts of a configuration.
struct ConfigurationValidator {
    let configuration: GatewayConfiguration
    let problems: ProblemList

    func validate() {
        validateNames()
        validateDestinations()
        validateGovernance()
        validatePrices()
        validateTraces()
    }

    private func validateNames() {
        var seen: [String: Int] = [:]
        let routes = configuration.trafficRoutes.map { ($0.name, $0.line) }
        for (name, line) in configuration.endpoints.map({ ($0.name, $0.line) }) + routes {
            if let first = seen[name] { problems.add(line, "the name '\(name)' is already used in line \(first)") }
            seen[name] = line
        }
        var rules: Set<String> = []
        for rule in configuration.limits where !rules.insert(rule.name).inserted {
            problems.add(rule.line, "the name '\(rule.name)' is used for two limits or budgets")
        }
        var keys: Set<String> = []
        for key in configuration.keys where !keys.insert(key.name).inserted {
            problems.add(key.line, "the name '\(key.name)' is used for two keys")
        }
    }

    private func validateDestinations() {
        let endpoints = Dictionary(configuration.endpoints.map { ($0.name, $0) }) { first, _ in first }
        func check(_ name: String, _ task: RouteTask, line: Int, of owner: String) {
            guard let endpoint = endpoints[name] else {
                let known = endpoints.keys.sorted().joined(separator: ", ")
                return problems.add(line, "\(owner): there is no endpoint '\(name)'; valid endpoints: \(known)")
            }
            if endpoint.task != task {
                problems.add(line, "\(owner): the endpoint '\(name)' is for \(endpoint.task.rawValue), not for \(task.rawValue)")
            }
        }
        for route in configuration.trafficRoutes {
            for destination in route.destinations { check(destination.name, route.task, line: route.line, of: route.name) }
            for name in route.policy.fallback {
                check(name, route.task, line: route.policy.fallbackLine, of: "\(route.name).fallback")
            }
        }
        for endpoint in configuration.endpoints {
            for name in endpoint.policy.fallback {
                check(name, endpoint.task, line: endpoint.policy.fallbackLine, of: "\(endpoint.name).fallback")
            }
        }
    }

    private var routeNames: Set<String> { Set(configuration.endpoints.map(\.name) + configuration.trafficRoutes.map(\.name)) }

    private func validateGovernance() {
        let routes = routeNames
        // Without a list of teams, any team is valid.
        let teams = configuration.teams.isEmpty ? nil : Set(configuration.teams)
        for rule in configuration.limits {
            if let route = rule.route, !routes.contains(route) { problems.add(rule.line, "\(rule.name): there is no route '\(route)'") }
            if let team = rule.team, let teams, !teams.contains(team) {
                problems.add(rule.line, "\(rule.name): there is no team '\(team)'")
            }
        }
        for key in configuration.keys {
            if let team = key.team, let teams, !teams.contains(team) {
                problems.add(key.line, "the key \(key.name): there is no team '\(team)'")
            }
            for route in key.routes ?? [] where !routes.contains(route) {
                problems.add(key.line, "the key \(key.name): there is no route '\(route)'")
            }
        }
    }

    /// Checks that every model under a budget that rejects requests has a price.
    private func validatePrices() {
        let unpriced = configuration.endpoints.filter { configuration.prices.price(provider: $0.provider, model: $0.model) == nil }
        for rule in configuration.limits where rule.unit == .money && rule.rejects {
            let endpoints = rule.route.map(destinations)
            for endpoint in unpriced where endpoints?.contains(endpoint.name) ?? true {
                problems.add(
                    rule.line,
                    "\(rule.name): the price of \(endpoint.provider)'s model \(endpoint.model) is unknown; add it to prices, in USD per "
                        + "million tokens: {input: …, output: …}")
            }
        }
    }

    private func validateTraces() {
        let names = Set(configuration.endpoints.map(\.name) + configuration.trafficRoutes.map(\.name))
        for route in configuration.traces?.routes ?? [] where !names.contains(route) {
            problems.add(configuration.traces?.routesLine ?? 1, "traces.routes: there is no route '\(route)'")
        }
    }

    /// Returns the endpoints that a route may use.
    private func destinations(of name: String) -> Set<String> {
        if let route = configuration.trafficRoutes.first(where: { $0.name == name }) {
            return Set(route.destinations.map(\.name) + route.policy.fallback)
        }
        return Set([name] + (configuration.endpoints.first { $0.name == name }?.policy.fallback ?? []))
    }
}

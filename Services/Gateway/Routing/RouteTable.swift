internal import AdapterHost
internal import Foundation
internal import ModelPrices
internal import SafeText

/// The runtime form of a configuration: routes with their open endpoints, keys and limits. It is immutable: a new configuration
/// creates a new table, and a request keeps the table it started with.
final class RouteTable: Sendable {
    let configuration: GatewayConfiguration
    // Copies of what every request reads, since reading it through `configuration` would copy the whole value.
    let keys: [ConfiguredKey]
    let requireKeys: Bool?
    let traces: TraceSettings?
    private let limits: [LimitRule]
    /// In the order of the configuration file.
    let routes: [Route]
    private let byName: [String: Route]

    /// - Parameter previous: the previous table; unchanged endpoints keep their health.
    /// - Throws: `InvalidConfiguration` for settings that an adapter rejects.
    init(_ configuration: GatewayConfiguration, file: String, catalog: AdapterCatalog, previous: RouteTable?) throws(InvalidConfiguration) {
        let problems = ProblemList(file: file)
        var redaction = configuration.traces?.redaction ?? .standard
        redaction.add(secrets: configuration.secrets(catalog))
        var targets: [String: Target] = [:]
        for settings in configuration.endpoints {
            guard let adapter = catalog[settings.provider], let descriptor = catalog.descriptor(of: settings.provider) else { continue }
            do {
                let endpoint = try adapter.endpoint(provider: settings.provider, model: settings.model, config: settings.config)
                let price = configuration.prices.price(provider: settings.provider, model: settings.model)
                let old = previous?.byName[settings.name]?.destinations.first?.target
                let isSame = old?.name == settings.name && old?.provider == settings.provider && old?.model == settings.model
                targets[settings.name] = Target(
                    settings, descriptor: descriptor, endpoint: endpoint, price: price,
                    health: isSame ? old?.health ?? TargetHealth() : TargetHealth(),
                    redaction: redaction)
            } catch {
                problems.add(settings.configLine, "\(settings.name): \(redaction.redacted(error.message))")
            }
        }
        try problems.check()
        func fallback(_ policy: RequestPolicy) -> [Target] { policy.fallback.compactMap { targets[$0] } }
        routes =
            configuration.endpoints.compactMap { settings in
                targets[settings.name].map { Route(settings, $0, fallback: fallback(settings.policy)) }
            } + configuration.trafficRoutes.map { Route($0, targets, fallback: fallback($0.policy)) }
        byName = Dictionary(routes.map { ($0.name, $0) }) { first, _ in first }
        self.configuration = configuration
        keys = configuration.keys
        requireKeys = configuration.requireKeys
        var traces = configuration.traces
        traces?.redaction = redaction
        self.traces = traces
        limits = configuration.limits
    }

    /// Whether requests must have a key.
    func needsKeys(_ keyCache: APIKeyCache) -> Bool { requireKeys ?? (!keys.isEmpty || !keyCache.isEmpty) }

    subscript(name: String) -> Route? { byName[name] }

    /// The limits that count a caller's request to a route, each with its counter.
    func rules(for caller: Caller, route: String) -> [(rule: LimitRule, counter: String)] {
        var rules: [(rule: LimitRule, counter: String)] = []
        rules.reserveCapacity(min(limits.count, 8))
        for rule in limits { if let counter = rule.counter(for: caller, route: route) { rules.append((rule, counter)) } }
        return rules
    }
}

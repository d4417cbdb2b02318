internal import Crypto
internal import Foundation
internal import ModelPrices
internal import PluginHost
internal import SafeText

/// Everything that a configuration comes to: the routes with their endpoints open, and the rules. It never changes; a new
/// configuration makes a new one, and a request keeps the one that it began with.
final class RouteTable: Sendable {
    let configuration: GatewayConfiguration
    // What every request looks at stands here too, as the whole would be copied.
    let keys: [ConfiguredKey]
    let requireKeys: Bool?
    let traces: TraceSettings?
    private let limits: [LimitRule]
    /// In the order of the file.
    let routes: [Route]
    private let byName: [String: Route]

    /// - Parameter previous: endpoints that are the same there keep what is known of their health.
    /// - Throws: `InvalidConfiguration` for what an adapter doesn't take.
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
                    settings, descriptor: descriptor, endpoint: endpoint, price: price, health: isSame ? old?.health ?? TargetHealth() : TargetHealth(),
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

    /// Whether requests must show a key.
    func needsKeys(_ keyCache: APIKeyCache) -> Bool { requireKeys ?? (!keys.isEmpty || !keyCache.isEmpty) }

    subscript(name: String) -> Route? { byName[name] }

    /// The rules that count a caller's request of a route, with the counter of each.
    func rules(for caller: Caller, route: String) -> [(rule: LimitRule, counter: String)] {
        var rules: [(rule: LimitRule, counter: String)] = []
        rules.reserveCapacity(min(limits.count, 8))
        for rule in limits { if let counter = rule.counter(for: caller, route: route) { rules.append((rule, counter)) } }
        return rules
    }
}

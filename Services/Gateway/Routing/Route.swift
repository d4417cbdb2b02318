internal import ServiceKit
internal import WireProtocol

/// A name that clients address, and the endpoints behind it.
final class Route: Sendable {
    struct Destination: Sendable {
        var target: Target
        var weight: Int64
    }

    let name: String
    let task: RouteTask
    let generation: RouteGeneration
    /// Whether the route is an entry of `routes:` with destinations, not an endpoint.
    let isSplit: Bool
    let destinations: [Destination]
    let strategy: TrafficRouteSettings.Strategy
    let fallback: [Target]
    let policy: RequestPolicy
    /// MLflow's `limit`, returned as configured.
    let limit: JSONValue?

    /// The implicit route of an endpoint.
    init(_ settings: EndpointSettings, _ target: Target, fallback: [Target]) {
        name = settings.name
        task = settings.task
        generation = settings.generation
        isSplit = false
        destinations = [Destination(target: target, weight: 100)]
        strategy = .trafficSplit
        self.fallback = fallback
        policy = settings.policy
        limit = settings.limit
    }

    /// A traffic route of the configuration.
    ///
    /// - Parameter targets: all endpoints, by name.
    init(_ settings: TrafficRouteSettings, _ targets: [String: Target], fallback: [Target]) {
        name = settings.name
        task = settings.task
        generation = .endpoints
        isSplit = true
        destinations = settings.destinations.compactMap { destination in
            targets[destination.name].map { Destination(target: $0, weight: destination.weight) }
        }
        strategy = settings.strategy
        self.fallback = fallback
        policy = settings.policy
        limit = nil
    }

    /// The endpoints to try, in order: one of the destinations, the other destinations, then the fallbacks. Endpoints in cooldown come
    /// last.
    func candidates(_ random: RandomSource) -> [Target] {
        var order: [Target] = []
        if let first = pickDestination(random) { order.append(first) }
        // If the chosen destination fails, the other destinations are tried before the fallbacks.
        for target in destinations.map(\.target) + fallback where !order.contains(where: { $0 === target }) { order.append(target) }
        guard order.count > 1 else { return order }
        // Read each endpoint's availability once: a cooldown may end at any time.
        let judged = order.map { (target: $0, isAvailable: $0.health.isAvailable) }
        return judged.filter(\.isAvailable).map(\.target) + judged.filter { !$0.isAvailable }.map(\.target)
    }

    private func pickDestination(_ random: RandomSource) -> Target? {
        guard destinations.count > 1 else { return destinations.first?.target }
        let usable = destinations.filter { $0.target.health.isAvailable && $0.weight > 0 }
        let choices = usable.isEmpty ? destinations : usable
        switch strategy {
        case .trafficSplit:
            let sum = choices.map(\.weight).reduce(0, +)
            guard sum > 0 else { return choices.first?.target }
            var point = Int64(random.number(below: Int(sum)))
            for choice in choices {
                point -= choice.weight
                if point < 0 { return choice.target }
            }
            return choices.last?.target
        case .leastLoaded:
            // Choose at random among the least loaded, so that several gateways don't all pick the first.
            let loads = choices.map(\.target.health.inFlight)
            let least = loads.min() ?? 0
            let best = zip(choices, loads).filter { $1 == least }.map(\.0)
            return best.isEmpty ? nil : best[random.number(below: best.count)].target
        }
    }
}

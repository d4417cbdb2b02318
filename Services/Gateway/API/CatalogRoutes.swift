internal import AdapterHost
internal import HTTPTypes
internal import Hummingbird
internal import ModelPrices
internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// `GET /api/unladen/1.0/endpoints`: the configured endpoints, providers and budgets that the caller's key can access.
///
/// The tracking service shows them on the gateway pages of MLflow's UI. Secrets are listed by the names of their settings only.
struct CatalogRoutes: Sendable {
    let handler: InferenceHandler
    let usage: UsageReports
    let time: TimeSource

    func register(on routes: APIRoutes) {
        let routes = routes.group(errors: .openAI)
        routes.at(.get, "/api/unladen/1.0/endpoints", requires: .read(.gatewayRoute)) { request, context in
            let caller = try await handler.caller(request, context)
            let (table, configuredAt) = (handler.routing.current, handler.routing.configuredAt)
            let open = table.routes.filter { caller.mayUse($0.name) }
            return .json(
                GatewayCatalog(
                    configuredAt: configuredAt, endpoints: open.map { Self.endpoint($0, table.configuration) },
                    providers: providers(), budgets: try await budgets(of: caller, on: open, table)))
        }
    }

    // MARK: Endpoints

    private static func endpoint(_ route: Route, _ configuration: GatewayConfiguration) -> GatewayCatalog.Endpoint {
        let models = route.destinations.map { destination in
            var model = model(destination.target, configuration)
            model.weight = destination.weight
            return model
        }
        return GatewayCatalog.Endpoint(
            name: route.name, task: route.task.rawValue, isRoute: route.isSplit, models: models,
            fallback: route.fallback.map { model($0, configuration) })
    }

    private static func model(_ target: Target, _ configuration: GatewayConfiguration) -> GatewayCatalog.Model {
        let config = configuration.endpoints.first { $0.name == target.name }?.config
        let secrets = config?.members.map(\.name).filter { target.descriptor.secretKeys.contains($0) } ?? []
        var model = GatewayCatalog.Model(
            endpoint: target.name, task: target.task.rawValue, provider: target.provider, model: target.model, secretSettings: secrets)
        if let price = target.price {
            model.inputCost = price.standard.rates.input.dollars
            model.outputCost = price.standard.rates.output.dollars
        }
        model.maxOutputTokens = target.maxOutputTokens
        return model
    }

    // MARK: Providers

    /// The providers of all loaded adapters, with their settings.
    private func providers() -> [GatewayCatalog.Provider] {
        handler.routing.catalog.adapters.flatMap(\.providers).map { provider in
            GatewayCatalog.Provider(
                name: provider["name"]?.stringValue ?? "", tasks: provider["tasks"] ?? [], config: provider["config"] ?? [])
        }
    }

    // MARK: Budgets

    /// A money budget that counts a caller's requests.
    private struct Budget {
        var rule: LimitRule
        var counter: String
        /// The first route whose requests it counts.
        var route: String
        var period: Period
    }

    /// The money budgets that count the caller's requests, with the amount spent on the caller's own counters.
    private func budgets(of caller: Caller, on routes: [Route], _ table: RouteTable) async throws -> [GatewayCatalog.Budget] {
        var budgets: [Budget] = []
        var counters: Set<String> = []
        for route in routes {
            for (rule, counter) in table.rules(for: caller, route: route.name) where rule.unit == .money {
                guard let period = rule.period, counters.insert(counter).inserted else { continue }
                budgets.append(Budget(rule: rule, counter: counter, route: route.name, period: period))
            }
        }
        guard !budgets.isEmpty else { return [] }
        let now = time.now()
        let rows = try await usage.limits(budgets.map(\.rule), now: now)
        return budgets.map { budget in
            let window = budget.period.window(at: now.seconds)
            let row = rows.first { $0.counter == budget.counter && $0.endsAt?.rawValue == window.end * 1000 }
            return Self.budget(budget, caller, window, spent: row?.spent ?? 0)
        }
    }

    private static func budget(
        _ budget: Budget, _ caller: Caller, _ window: (start: Int64, end: Int64), spent: Double
    ) -> GatewayCatalog.Budget {
        let rule = budget.rule
        return GatewayCatalog.Budget(
            name: rule.name, counter: budget.counter, amount: NanoDollars(rule.cap).dollars,
            periodSeconds: budget.period == .month ? nil : window.end - window.start,
            route: rule.route ?? (rule.scope == .route ? budget.route : nil),
            key: rule.key ?? (rule.scope == .key ? caller.keyName : nil),
            team: rule.team ?? (rule.scope == .team ? caller.team : nil), client: rule.scope == .client ? caller.address : nil,
            rejects: rule.rejects, spent: spent,
            window: UnixMilliseconds(window.start * 1000)..<UnixMilliseconds(max(window.start, window.end) * 1000))
    }
}

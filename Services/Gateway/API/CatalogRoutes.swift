internal import AdapterHost
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import ModelPrices
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
        routes.at(
            .get, "/api/unladen/1.0/endpoints",
            handler.respondingToErrors(in: .openAI) { request, context in
                let caller = try await handler.caller(request, context)
                let (table, configuredAt) = (handler.routing.current, handler.routing.configuredAt)
                let open = table.routes.filter { caller.mayUse($0.name) }
                return .json(
                    [
                        "configured_at": .integer(configuredAt),
                        "endpoints": .array(open.map { Self.endpoint($0, table.configuration) }),
                        "providers": .array(providers()),
                        "budgets": .array(try await budgets(of: caller, on: open, table)),
                    ] as JSONValue)
            })
    }

    // MARK: Endpoints

    private static func endpoint(_ route: Route, _ configuration: GatewayConfiguration) -> JSONValue {
        let models = route.destinations.map { destination in
            model(destination.target, configuration, [("weight", .integer(destination.weight))])
        }
        return [
            "name": .string(route.name), "task": .string(route.task.rawValue), "is_route": .bool(route.isSplit),
            "models": .array(models), "fallback": .array(route.fallback.map { model($0, configuration) }),
        ]
    }

    private static func model(
        _ target: Target, _ configuration: GatewayConfiguration, _ more: [(name: String, value: JSONValue)] = []
    ) -> JSONValue {
        let config = configuration.endpoints.first { $0.name == target.name }?.config
        let secrets = config?.members.map(\.name).filter { target.descriptor.secretKeys.contains($0) } ?? []
        var members: [(name: String, value: JSONValue)] = [
            ("endpoint", .string(target.name)), ("task", .string(target.task.rawValue)), ("provider", .string(target.provider)),
            ("model", .string(target.model)), ("secret_settings", .array(secrets.map { .string($0) })),
        ]
        if let price = target.price {
            // A rate is in millionths of a dollar per million tokens.
            members.append(("input_cost_per_token", .number(Double(price.standard.rates.input) / 1e12)))
            members.append(("output_cost_per_token", .number(Double(price.standard.rates.output) / 1e12)))
        }
        if let most = target.maxOutputTokens { members.append(("max_output_tokens", .integer(most))) }
        return .object(JSONObject((members + more).map { .init(name: $0.name, value: $0.value) }))
    }

    // MARK: Providers

    /// The providers of all loaded adapters, with their settings.
    private func providers() -> [JSONValue] {
        handler.routing.catalog.adapters.flatMap(\.providers).map { provider in
            ["name": provider["name"] ?? .null, "tasks": provider["tasks"] ?? [], "config": provider["config"] ?? []]
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
    private func budgets(of caller: Caller, on routes: [Route], _ table: RouteTable) async throws -> [JSONValue] {
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
        let rows = try await usage.limits(budgets.map(\.rule), now: now)["limits"]?.arrayValue ?? []
        return budgets.map { budget in
            let window = budget.period.window(at: now / 1000)
            let row = rows.first { $0["counter"]?.stringValue == budget.counter && $0["ends_at"]?.integerValue == window.end * 1000 }
            return Self.budget(budget, caller, window, spent: row?["spent"] ?? 0)
        }
    }

    private static func budget(
        _ budget: Budget, _ caller: Caller, _ window: (start: Int64, end: Int64), spent: JSONValue
    ) -> JSONValue {
        func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        let rule = budget.rule
        return [
            "name": .string(rule.name), "counter": .string(budget.counter), "amount_usd": .number(Double(rule.cap) / 1e9),
            "period_seconds": budget.period == .month ? .null : .integer(window.end - window.start),
            "route": optional(rule.route ?? (rule.scope == .route ? budget.route : nil)),
            "key": optional(rule.key ?? (rule.scope == .key ? caller.keyName : nil)),
            "team": optional(rule.team ?? (rule.scope == .team ? caller.team : nil)),
            "client": optional(rule.scope == .client ? caller.address : nil),
            "rejects": .bool(rule.rejects), "spent_usd": spent,
            "window_start": .integer(window.start * 1000), "window_end": .integer(window.end * 1000),
        ]
    }
}

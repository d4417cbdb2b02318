internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// `3.0/mlflow/gateway/…`: read access to the gateway's configuration. Changes are made in the gateway's configuration file.
///
/// Source: the gateway's handlers in `mlflow/server/handlers.py` of MLflow 3.17.
struct GatewayCatalogRoutes: Sendable {
    /// `nil` if no gateway is configured.
    let gateway: GatewayCatalogReader?

    private static let changes: [(requirement: AccessRequirement, routes: [(method: HTTPRequest.Method, path: String)])] = [
        (
            .edit(.gatewayRoute),
            [
                (.post, "secrets/create"), (.post, "secrets/update"), (.post, "endpoints/create"), (.post, "endpoints/update"),
                (.post, "endpoints/models/attach"), (.post, "endpoints/models/detach"), (.post, "endpoints/bindings/create"),
                (.delete, "endpoints/bindings/delete"), (.post, "endpoints/set-tag"), (.delete, "endpoints/delete-tag"),
                (.post, "model-definitions/create"), (.post, "model-definitions/update"),
            ]
        ),
        (
            .manage(.gatewayRoute),
            [(.delete, "secrets/delete"), (.delete, "endpoints/delete"), (.delete, "model-definitions/delete")]
        ),
        (
            .admin,
            [
                (.post, "budgets/create"), (.post, "budgets/update"), (.delete, "budgets/delete"), (.post, "guardrails/create"),
                (.delete, "guardrails/delete"), (.post, "guardrails/add-to-endpoint"), (.delete, "guardrails/remove-from-endpoint"),
                (.patch, "guardrails/update-config"),
            ]
        ),
    ]

    func register(on routes: APIRoutes) {
        registerEndpoints(on: routes)
        registerSecrets(on: routes)
        registerBudgets(on: routes)
        registerProviders(on: routes)
        for (requirement, changes) in Self.changes {
            for (method, path) in changes {
                routes.raw(method, "3.0/mlflow/gateway/\(path)", requires: requirement) { _, _ in
                    throw gateway == nil ? ServiceError.gatewayNotConfigured : ServiceError.gatewayReadOnly
                }
            }
        }
    }

    private func registerEndpoints(on routes: APIRoutes) {
        read("endpoints/list", on: routes) { fields, catalog in
            let provider = try fields.nonEmptyString("provider")
            let endpoints = catalog.endpoints.filter { endpoint in
                provider == nil || (endpoint.models + endpoint.fallback).contains { $0.provider == provider }
            }
            return Self.list("endpoints", endpoints.map { catalog.message($0) })
        }
        read("endpoints/get", on: routes) { fields, catalog in
            let name = try Self.exactlyOne(of: ("endpoint_id", "name"), fields)
            guard let endpoint = catalog.endpoints.first(where: { $0.name == name.value }) else {
                throw Self.unknown("GatewayEndpoint", name)
            }
            return ["endpoint": catalog.message(endpoint)]
        }
        read("endpoints/bindings/list", on: routes) { _, _ in [:] }
        read("model-definitions/list", on: routes) { fields, catalog in
            let (provider, secret) = (try fields.nonEmptyString("provider"), try fields.nonEmptyString("secret_id"))
            let models = catalog.models.filter { model in
                (provider == nil || model.provider == provider)
                    && (secret == nil || (model.endpoint == secret && !model.secretSettings.isEmpty))
            }
            return Self.list("model_definitions", models.map { catalog.message($0) })
        }
        read("model-definitions/get", on: routes) { fields, catalog in
            let name = ("model_definition_id", try fields.requiredString("model_definition_id"))
            guard let model = catalog.models.first(where: { $0.endpoint == name.1 }) else {
                throw Self.unknown("GatewayModelDefinition", name)
            }
            return ["model_definition": catalog.message(model)]
        }
    }

    private func registerSecrets(on routes: APIRoutes) {
        read("secrets/list", on: routes) { fields, catalog in
            let provider = try fields.nonEmptyString("provider")
            let models = catalog.models.filter { !$0.secretSettings.isEmpty && (provider == nil || $0.provider == provider) }
            return Self.list("secrets", models.map { catalog.secret($0) })
        }
        read("secrets/get", on: routes) { fields, catalog in
            let name = try Self.exactlyOne(of: ("secret_id", "secret_name"), fields)
            guard let model = catalog.models.first(where: { $0.endpoint == name.value && !$0.secretSettings.isEmpty }) else {
                throw Self.unknown("GatewaySecret", name)
            }
            return ["secret": catalog.secret(model)]
        }
        // This server never stores secrets, so there is no passphrase to warn about.
        read("secrets/config", on: routes) { _, _ in ["secrets_available": true, "using_default_passphrase": false] }
    }

    private func registerBudgets(on routes: APIRoutes) {
        read("budgets/list", on: routes) { _, catalog in Self.list("budget_policies", catalog.budgets.map { catalog.message($0) }) }
        read("budgets/get", on: routes) { fields, catalog in
            let id = ("budget_policy_id", try fields.requiredString("budget_policy_id"))
            guard let budget = catalog.budgets.first(where: { $0.counter == id.1 }) else { throw Self.unknown("BudgetPolicy", id) }
            return ["budget_policy": catalog.message(budget)]
        }
        read("budgets/windows", on: routes) { _, catalog in Self.list("windows", catalog.budgets.map(GatewayCatalog.window)) }
        for path in ["guardrails/list", "guardrails/list-for-endpoint"] { read(path, on: routes) { _, _ in [:] } }
        read("guardrails/get", on: routes) { fields, _ in
            throw Self.unknown("GatewayGuardrail", ("guardrail_id", try fields.requiredString("guardrail_id")))
        }
    }

    private func registerProviders(on routes: APIRoutes) {
        read("supported-providers", on: routes) { _, catalog in
            ["providers": .array(catalog.providers.map(\.name).sorted().map { .string($0) })]
        }
        read("supported-models", on: routes) { fields, catalog in
            let provider = try fields.nonEmptyString("provider")
            let models = catalog.models.filter { provider == nil || $0.provider == provider }
            return ["models": .array(models.map(GatewayCatalog.supported))]
        }
        read("provider-config", on: routes) { fields, catalog in
            guard let name = try fields.nonEmptyString("provider") else {
                throw ServiceError.invalidParameter("Provider parameter is required")
            }
            guard let provider = catalog.providers.first(where: { $0.name == name }) else {
                throw ServiceError.invalidParameter("The gateway has no adapter for the provider '\(name)'.")
            }
            return GatewayCatalog.configuration(provider)
        }
    }

    // MARK: Reading

    private func read(
        _ path: String, on routes: APIRoutes, _ handler: @escaping @Sendable (MessageFields, GatewayCatalog) throws -> JSONValue
    ) {
        routes.mlflow(.get, "gateway/\(path)", version: "3.0", requires: .read(.gatewayRoute)) { fields, context in
            try handler(fields, try await catalog(context))
        }
    }

    private func catalog(_ context: ServiceRequestContext) async throws -> GatewayCatalog {
        guard let gateway else { throw ServiceError.gatewayNotConfigured }
        return try await gateway.catalog(context)
    }

    /// An object with one list. An empty list is omitted, as in protobuf.
    private static func list(_ name: String, _ items: [JSONValue]) -> JSONValue {
        items.isEmpty ? [:] : .object(JSONObject([.init(name: name, value: .array(items))]))
    }

    /// The name and value of the one field of two that is present.
    private static func exactlyOne(
        of names: (String, String), _ fields: MessageFields
    ) throws -> (name: String, value: String) {
        let values = (try fields.nonEmptyString(names.0), try fields.nonEmptyString(names.1))
        switch values {
        case (let value?, nil): return (names.0, value)
        case (nil, let value?): return (names.1, value)
        default: throw ServiceError.invalidParameter("Exactly one of \(names.0) or \(names.1) must be provided")
        }
    }

    private static func unknown(_ entity: String, _ name: (name: String, value: String)) -> ServiceError {
        .doesNotExist("\(entity) not found (\(name.name)='\(name.value)')")
    }
}

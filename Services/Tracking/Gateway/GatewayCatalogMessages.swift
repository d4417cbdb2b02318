internal import Primitives
internal import WireProtocol

// Encodes the gateway's configuration in MLflow's messages. The names of endpoints and models serve as IDs, because both are unique
// in the configuration file.

extension GatewayCatalog {
    /// The message `GatewayEndpoint`.
    func message(_ endpoint: Endpoint) -> JSONValue {
        let primary = endpoint.models.map { mapping($0, of: endpoint, [("linkage_type", "PRIMARY")]) }
        let fallback = endpoint.fallback.enumerated().map { order, model in
            mapping(model, of: endpoint, [("linkage_type", "FALLBACK"), ("fallback_order", .integer(Int64(order)))])
        }
        var message: JSONObject = [
            "endpoint_id": .string(endpoint.name), "name": .string(endpoint.name), "created_at": .integer(configuredAt.rawValue),
            "last_updated_at": .integer(configuredAt.rawValue), "model_mappings": .array(primary + fallback), "created_by": "",
            "last_updated_by": "",
        ]
        if endpoint.models.count > 1 { message["routing_strategy"] = "REQUEST_BASED_TRAFFIC_SPLIT" }
        if !fallback.isEmpty {
            message["fallback_config"] = ["strategy": "SEQUENTIAL", "max_attempts": .integer(Int64(fallback.count))]
        }
        // The gateway records usage in its own ledger, not in an experiment per endpoint.
        message["usage_tracking"] = false
        return .object(message)
    }

    private func mapping(_ model: Model, of endpoint: Endpoint, _ more: [(String, JSONValue)]) -> JSONValue {
        var message: JSONObject = [
            "mapping_id": .string("\(endpoint.name)/\(model.endpoint)"), "endpoint_id": .string(endpoint.name),
            "model_definition_id": .string(model.endpoint), "model_definition": self.message(model),
            // MLflow's weights are fractions of 1.
            "weight": .number(Double(model.weight ?? 100) / 100), "created_at": .integer(configuredAt.rawValue),
        ]
        for (name, value) in more { message[name] = value }
        return .object(message)
    }

    /// The message `GatewayModelDefinition`.
    func message(_ model: Model) -> JSONValue {
        var message: JSONObject = ["model_definition_id": .string(model.endpoint), "name": .string(model.endpoint)]
        if !model.secretSettings.isEmpty {
            message["secret_id"] = .string(model.endpoint)
            message["secret_name"] = .string(model.endpoint)
        }
        message["provider"] = .string(model.provider)
        message["model_name"] = .string(model.model)
        message["created_at"] = .integer(configuredAt.rawValue)
        message["last_updated_at"] = .integer(configuredAt.rawValue)
        return .object(message)
    }

    /// The message `GatewaySecretInfo`, which lists the settings that contain secrets, without their values.
    func secret(_ model: Model) -> JSONValue {
        let masked = model.secretSettings.map { JSONObject.Member(name: $0, value: "****") }
        return [
            "secret_id": .string(model.endpoint), "secret_name": .string(model.endpoint), "masked_values": .object(JSONObject(masked)),
            "created_at": .integer(configuredAt.rawValue), "last_updated_at": .integer(configuredAt.rawValue),
            "provider": .string(model.provider),
        ]
    }

    /// The message `GatewayBudgetPolicy`.
    func message(_ budget: Budget) -> JSONValue {
        var message: JSONObject = [
            "budget_policy_id": .string(budget.counter), "budget_unit": "USD", "budget_amount": .number(budget.amount),
            "duration": Self.duration(budget.periodSeconds),
        ]
        switch budget.scope {
        case .global: message["target_scope"] = "GLOBAL"
        case .route(let name):
            message["target_scope"] = "ENDPOINT"
            message["target_value"] = .string(name)
        case .user(let name):
            message["target_scope"] = "USER"
            message["target_value"] = .string(name)
        }
        message["budget_action"] = budget.rejects ? "REJECT" : "ALERT"
        message["created_at"] = .integer(configuredAt.rawValue)
        message["last_updated_at"] = .integer(configuredAt.rawValue)
        return .object(message)
    }

    /// The message `BudgetWindow`.
    static func window(_ budget: Budget) -> JSONValue {
        [
            "budget_policy_id": .string(budget.counter), "window_start_ms": .integer(budget.window.lowerBound.rawValue),
            "window_end_ms": .integer(budget.window.upperBound.rawValue), "current_spend": .number(budget.spent),
        ]
    }

    private static func duration(_ seconds: Int64?) -> JSONValue {
        guard let seconds else { return ["unit": "MONTHS", "value": 1] }
        let units: [(name: JSONValue, length: Int64)] = [("WEEKS", 604_800), ("DAYS", 86400), ("HOURS", 3600)]
        let unit = units.first { seconds % $0.length == 0 } ?? ("MINUTES", 60)
        return ["unit": unit.name, "value": .integer(max(1, seconds / unit.length))]
    }

    /// An entry in the list of models to choose from.
    static func supported(_ model: Model) -> JSONValue {
        func optional(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
        let modes: [String: JSONValue] = ["llm/v1/chat": "chat", "llm/v1/completions": "completion", "llm/v1/embeddings": "embedding"]
        return [
            "model": .string(model.model), "provider": .string(model.provider), "mode": modes[model.task] ?? .null,
            "supports_function_calling": false, "supports_vision": false, "supports_reasoning": false, "supports_prompt_caching": false,
            "supports_response_schema": false, "max_input_tokens": .null,
            "max_output_tokens": model.maxOutputTokens.map { .integer($0) } ?? .null,
            "input_cost_per_token": optional(model.inputCost), "output_cost_per_token": optional(model.outputCost), "modality": .null,
            "deprecation_date": .null, "last_updated_at": .null,
        ]
    }

    /// The form to configure a provider. It has a single authentication mode: the configuration file.
    static func configuration(_ provider: Provider) -> JSONValue {
        func fields(_ isSecret: Bool) -> JSONValue {
            .array(
                provider.settings.filter { $0.isSecret == isSecret }.map { setting in
                    [
                        "name": .string(setting.name), "type": "string", "description": .string(setting.name),
                        "required": .bool(setting.isRequired),
                    ]
                })
        }
        let mode: JSONValue = [
            "mode": "api_key", "display_name": "Configuration file", "description": "Set in the gateway's configuration file.",
            "secret_fields": fields(true), "config_fields": fields(false),
        ]
        return ["auth_modes": [mode], "default_mode": "api_key"]
    }
}

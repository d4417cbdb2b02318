import HTTPServer
import HTTPTypes
import Synchronization
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

/// The gateway's configuration in MLflow's messages.
@Suite struct GatewayCatalogTests {
    private static let path = "/ajax-api/3.0/mlflow/gateway/"
    private static let catalog = #"""
        {"configured_at": 1700000000000,
         "endpoints": [
            {"name": "chat", "task": "llm/v1/chat", "is_route": false, "models": [
                {"endpoint": "chat", "task": "llm/v1/chat", "provider": "openai", "model": "gpt-4o-mini", "weight": 100,
                 "secret_settings": ["openai_api_key"], "input_cost_per_token": 1.5e-7, "output_cost_per_token": 6e-7}],
             "fallback": [
                {"endpoint": "local", "task": "llm/v1/chat", "provider": "ollama", "model": "llama3.2", "secret_settings": []}]},
            {"name": "both", "task": "llm/v1/chat", "is_route": true, "models": [
                {"endpoint": "chat", "task": "llm/v1/chat", "provider": "openai", "model": "gpt-4o-mini", "weight": 80,
                 "secret_settings": ["openai_api_key"]},
                {"endpoint": "local", "task": "llm/v1/chat", "provider": "ollama", "model": "llama3.2", "weight": 20,
                 "secret_settings": []}],
             "fallback": []}],
         "providers": [
            {"name": "openai", "tasks": ["chat"], "config": [
                {"name": "openai_api_key", "type": "string", "required": true, "secret": true},
                {"name": "openai_api_base", "type": "string", "required": false, "secret": false}]},
            {"name": "ollama", "tasks": ["chat"], "config": []}],
         "budgets": [
            {"name": "all", "counter": "all", "amount_usd": 10, "period_seconds": 86400, "rejects": true, "spent_usd": 2.5,
             "window_start": 0, "window_end": 86400000},
            {"name": "chats", "counter": "chats", "amount_usd": 5, "period_seconds": null, "route": "chat", "rejects": false,
             "spent_usd": 0, "window_start": 0, "window_end": 2678400000},
            {"name": "ui", "counter": "ui", "amount_usd": 1, "period_seconds": 7200, "key": "ui", "rejects": true, "spent_usd": 1,
             "window_start": 0, "window_end": 7200000}]}
        """#

    private func run(
        _ response: ScriptedResponse = ScriptedResponse(catalog), _ body: @escaping @Sendable (TestAPI) async throws -> Void
    ) async throws {
        try await withScriptedServer({ request in
            request.path == "/api/unladen/1.0/endpoints" ? response : ScriptedResponse(404, #"{"detail":"Not Found"}"#)
        }) { url in
            try await TrackingFixture.run(on: .sqlite, gateway: try GatewaySettings(url: url, key: "gk-1234567")) { try await body($0.api) }
        }
    }

    @Test func `An endpoint lists its models with their weights and its fallbacks in order`() async throws {
        try await run { api async throws in
            let listed = try await api.get(Self.path + "endpoints/list")
            #expect(listed.strings("endpoints.endpoint_id") == ["chat", "both"])
            #expect(listed.strings("endpoints.model_mappings.linkage_type") == ["PRIMARY", "FALLBACK", "PRIMARY", "PRIMARY"])
            #expect(listed.values("endpoints.model_mappings.weight") == [1.0, 1.0, 0.8, 0.2])
            #expect(listed.strings("endpoints.routing_strategy") == ["REQUEST_BASED_TRAFFIC_SPLIT"])
            let one = try await api.get("/api/3.0/mlflow/gateway/endpoints/get?endpoint_id=chat")
            #expect(one.strings("endpoint.model_mappings.model_definition.model_name") == ["gpt-4o-mini", "llama3.2"])
            #expect(one.integers("endpoint.created_at") == [1_700_000_000_000])
            #expect(try await api.get(Self.path + "endpoints/get?name=both").string("endpoint.name") == "both")
            #expect(
                try await api.get(Self.path + "endpoints/get?endpoint_id=x").error
                    == "RESOURCE_DOES_NOT_EXIST: GatewayEndpoint not found (endpoint_id='x')")
            #expect(try await api.get(Self.path + "endpoints/get").status == 400)
            #expect(try await api.get(Self.path + "endpoints/list?provider=ollama").strings("endpoints.name") == ["chat", "both"])
            #expect(try await api.get(Self.path + "endpoints/list?provider=cohere").text == "{}")
        }
    }

    @Test func `Each model has a single definition`() async throws {
        try await run { api async throws in
            let listed = try await api.get(Self.path + "model-definitions/list")
            #expect(listed.strings("model_definitions.name") == ["chat", "local"])
            #expect(listed.strings("model_definitions.secret_name") == ["chat"])
            let local = try await api.get(Self.path + "model-definitions/get?model_definition_id=local")
            #expect(local.string("model_definition.provider") == "ollama" && local.string("model_definition.secret_id") == nil)
        }
    }

    @Test func `Secrets show only the names of their settings`() async throws {
        try await run { api async throws in
            let listed = try await api.get(Self.path + "secrets/list")
            #expect(listed.strings("secrets.secret_id") == ["chat"])
            #expect(listed.strings("secrets.masked_values.openai_api_key") == ["****"])
            #expect(try await api.get(Self.path + "secrets/get?secret_id=chat").string("secret.provider") == "openai")
            #expect(try await api.get(Self.path + "secrets/get?secret_id=local").status == 404)
            #expect(try await api.get(Self.path + "secrets/config").text == #"{"secrets_available":true,"using_default_passphrase":false}"#)
        }
    }

    @Test func `Budgets show their scope and current spend`() async throws {
        try await run { api async throws in
            let listed = try await api.get(Self.path + "budgets/list?max_results=100")
            #expect(listed.strings("budget_policies.target_scope") == ["GLOBAL", "ENDPOINT", "USER"])
            #expect(listed.strings("budget_policies.target_value") == ["chat", "key ui"])
            #expect(listed.strings("budget_policies.duration.unit") == ["DAYS", "MONTHS", "HOURS"])
            #expect(listed.integers("budget_policies.duration.value") == [1, 1, 2])
            #expect(listed.strings("budget_policies.budget_action") == ["REJECT", "ALERT", "REJECT"])
            let windows = try await api.get(Self.path + "budgets/windows")
            #expect(windows.values("windows.current_spend") == [2.5, 0.0, 1.0].map { .number($0) })
            #expect(windows.integers("windows.window_end_ms") == [86_400_000, 2_678_400_000, 7_200_000])
        }
    }

    @Test func `Providers are those with an adapter, and models those of the configuration file`() async throws {
        try await run { api async throws in
            #expect(try await api.get(Self.path + "supported-providers").text == #"{"providers":["ollama","openai"]}"#)
            let models = try await api.get(Self.path + "supported-models?provider=openai")
            #expect(models.strings("models.model") == ["gpt-4o-mini"] && models.strings("models.mode") == ["chat"])
            let config = try await api.get(Self.path + "provider-config?provider=openai")
            #expect(config.strings("auth_modes.secret_fields.name") == ["openai_api_key"])
            #expect(config.strings("auth_modes.config_fields.name") == ["openai_api_base"])
            #expect(try await api.get(Self.path + "provider-config").error == "INVALID_PARAMETER_VALUE: Provider parameter is required")
        }
    }

    @Test func `A change is rejected with the way to make it`() async throws {
        try await run { api async throws in
            for path in ["endpoints/create", "secrets/create", "model-definitions/update", "budgets/create", "guardrails/create"] {
                let response = try await api.post(Self.path + path, "{}")
                #expect(response.status == 501 && response.text.contains("--gateway-config"))
            }
            for path in ["endpoints/delete", "secrets/delete"] { #expect(try await api.delete(Self.path + path, "{}").status == 501) }
        }
    }

    @Test func `The UI learns from server-info whether there is a gateway`() async throws {
        try await run { api async throws in
            #expect(try await api.get("/ajax-api/3.0/mlflow/server-info").text.contains(#""features_enabled":{"gateway":true}"#))
        }
        try await TrackingFixture.run(on: .sqlite) { fixture async throws in
            #expect(try await fixture.api.get("/ajax-api/3.0/mlflow/server-info").text.contains(#""features_enabled":{"gateway":false}"#))
            let response = try await fixture.api.get(Self.path + "endpoints/list")
            #expect(response.status == 501 && response.text.contains("--gateway-uri"))
        }
    }

    @Test func `The error explains why the configuration can't be read`() async throws {
        try await run(ScriptedResponse(401, #"{"error":{"message":"no"}}"#)) { api async throws in
            let response = try await api.get(Self.path + "endpoints/list")
            #expect(response.status == 403 && response.text.contains("UNLADEN_GATEWAY_KEY_FILE"))
        }
        for text in ["[]", "{}", "<h1>Welcome</h1>"] {
            try await run(ScriptedResponse(text)) { api async throws in
                let response = try await api.get(Self.path + "endpoints/list")
                #expect(response.status == 500 && response.text.contains("is not an Unladen gateway"))
            }
        }
        for (status, body) in [(429, #"{"detail":"slow down"}"#), (503, #"{"error":{"message":"slow down"}}"#)] {
            try await run(ScriptedResponse(status, body)) { api async throws in
                let response = try await api.get(Self.path + "endpoints/list")
                #expect(response.status == 500)
                #expect(response.error == "INTERNAL_ERROR: Failed to read the gateway's configuration: slow down")
            }
        }
        try await run(ScriptedResponse(403, #"{"error":{"message":"not with gk-1234567"}}"#)) { api async throws in
            let response = try await api.get(Self.path + "endpoints/list")
            #expect(response.text.contains("configuration: not with ") && !response.text.contains("gk-1234567"))
        }
    }

    @Test(arguments: [(0, 100, 400), (1 << 20, 1 << 20, 503)])
    func `A lack of memory isn't blamed on the gateway`(usedByOthers: Int, limit: Int, status: Int) async throws {
        let budget = MemoryBudget(limit: limit)
        let others = RequestMemory(of: budget)
        try others.reserve(usedByOthers)
        try await run { api async throws in
            let response = try await RequestMemory.$current.withValue(RequestMemory(of: budget)) {
                try await api.get(Self.path + "endpoints/list")
            }
            #expect(response.status == status)
            #expect(!response.text.contains("Failed to read the gateway's configuration"))
        }
        others.release(usedByOthers)
    }

    @Test func `A gateway that isn't running is reported with its address`() async throws {
        let settings = try GatewaySettings(url: "http://127.0.0.1:9")
        try await TrackingFixture.run(on: .sqlite, gateway: settings) { fixture async throws in
            let response = try await fixture.api.get(Self.path + "endpoints/list")
            #expect(response.status == 503 && response.text.contains("The gateway at http://127.0.0.1:9 can't be reached."))
        }
    }

    @Test func `The catalog is read with the server's key and the request's ID`() async throws {
        let headers = Mutex<[String: String]>([:])
        try await withScriptedServer({ request in
            headers.withLock { $0 = request.headers }
            return ScriptedResponse(Self.catalog)
        }) { url in
            let settings = try GatewaySettings(url: url, key: "gk-1234567")
            try await TrackingFixture.run(on: .sqlite, gateway: settings) { fixture async throws in
                let sent = [("Authorization", "Bearer the-clients"), ("X-Request-Id", "request-1")]
                #expect(try await fixture.api.send(.get, Self.path + "endpoints/list", headers: sent).status == 200)
            }
        }
        let received = headers.withLock { $0 }
        #expect(received["authorization"] == "Bearer gk-1234567" && received["x-request-id"] == "request-1")
    }
}

import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import Tracking

/// The UI's endpoints for features that aren't available, as on an MLflow server on which they are disabled.
@Suite struct DisabledFeatureTests {
    private func send(_ method: HTTPRequest.Method, _ path: String, _ json: String? = nil) async throws -> APIResponse {
        try await TestAPI.run(DisabledFeatureRoutes().register) { try await $0.send(method, path, json) }
    }

    @Test func `Telemetry of the UI is disabled`() async throws {
        let path = "/ajax-api/3.0/mlflow/ui-telemetry"
        let settings = try await send(.get, path)
        #expect(settings.status == 200)
        #expect(settings.json == ["disable_ui_telemetry": true, "disable_ui_events": [], "ui_rollout_percentage": 0])
        let records = try await send(.post, path, #"{"records": [{"event_name": "click"}]}"#)
        #expect(records.status == 200 && records.json == ["status": "disabled"])
        #expect(try await send(.get, "/api/3.0/mlflow/ui-telemetry").status == 404)
    }

    @Test(arguments: ["users/current", "users/list", "skills"], ["2.0", "3.0"])
    func `Paths that MLflow lacks without logins and skills are unknown here too`(path: String, version: String) async throws {
        #expect(try await send(.get, "/ajax-api/\(version)/mlflow/\(path)").status == 404)
    }

    @Test func `The assistant is forbidden`() async throws {
        let requests: [(HTTPRequest.Method, String)] = [
            (.get, "config"), (.put, "config"), (.get, "providers"), (.get, "providers/x/health"), (.post, "message"),
            (.get, "sessions/x/stream"), (.patch, "sessions/x"), (.post, "skills/install"),
        ]
        for (method, path) in requests {
            let response = try await send(method, "/ajax-api/3.0/mlflow/assistant/\(path)", method == .get ? nil : "{}")
            #expect(response.status == 403 && response.string("detail") != nil, "\(method) \(path)")
        }
    }

    @Test func `Workspaces are disabled`() async throws {
        let requests: [(HTTPRequest.Method, String)] = [
            (.get, "workspaces"), (.post, "workspaces"), (.get, "workspaces/default"), (.patch, "workspaces/x"), (.delete, "workspaces/x"),
        ]
        for (method, path) in requests {
            for api in ["/api", "/ajax-api"] {
                let response = try await send(method, "\(api)/3.0/mlflow/\(path)", method == .get ? nil : "{}")
                #expect(response.status == 503, "\(method) \(path)")
                #expect(response.text.contains("the server runs without workspaces"))
            }
        }
    }

    @Test func `The MCP server registry is empty and accepts no servers`() async throws {
        let path = "/ajax-api/3.0/mlflow/mcp-servers"
        #expect(try await send(.get, path).json == ["mcp_servers": [], "next_page_token": .null])
        #expect(try await send(.get, path + "/x").error == "RESOURCE_DOES_NOT_EXIST: MCP server 'x' not found")
        #expect(try await send(.get, path + "/x/versions/1").status == 404)
        #expect(try await send(.post, path, "{}").status == 501)
        #expect(try await send(.delete, path + "/x").status == 501)
    }

    @Test func `There is no demo data`() async throws {
        for action in ["generate", "delete"] {
            let response = try await send(.post, "/ajax-api/3.0/mlflow/demo/\(action)", "{}")
            #expect(response.error == "NOT_IMPLEMENTED: Demo data is not available on this server.")
        }
    }
}

internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// The UI's endpoints for features that this server doesn't have. Each responds like an MLflow server on which the feature is
/// disabled.
///
/// A path that MLflow doesn't serve in that case, such as `users/current` without logins, has no route here either.
struct DisabledFeatureRoutes: Sendable {
    func register(on routes: APIRoutes) {
        registerTelemetry(on: routes)
        registerAssistant(on: routes)
        registerWorkspaces(on: routes)
        registerMCPServers(on: routes)
        for action in ["generate", "delete"] {
            routes.at(.post, "/ajax-api/3.0/mlflow/demo/\(action)", requires: .edit(.experiment)) { _, _ in
                throw Self.unavailable("Demo data")
            }
        }
    }

    private static func unavailable(_ feature: String) -> ServiceError {
        ServiceError(.notImplemented, "\(feature) is not available on this server.")
    }

    /// Nothing is measured, and data sent by a browser is ignored.
    private func registerTelemetry(on routes: APIRoutes) {
        let path = "/ajax-api/3.0/mlflow/ui-telemetry"
        routes.at(.get, path, requires: .read(.service)) { _, _ in
            .json(["disable_ui_telemetry": true, "disable_ui_events": [], "ui_rollout_percentage": 0] as JSONValue)
        }
        routes.at(.post, path, requires: .read(.service)) { _, _ in .json(["status": "disabled"] as JSONValue) }
    }

    /// Responds as MLflow does to a browser on another machine, from which its assistant is never available.
    private func registerAssistant(on routes: APIRoutes) {
        let routes = routes.group(errors: .fastAPI)
        for method in [HTTPRequest.Method.get, .post, .put, .patch] {
            routes.at(method, "/ajax-api/3.0/mlflow/assistant/**", requires: .read(.service)) { _, _ in
                throw ServiceError(.permissionDenied, "The assistant is not available on this server.")
            }
        }
    }

    private func registerWorkspaces(on routes: APIRoutes) {
        let disabled: APIRoutes.Handler = { _, _ in
            .page(.serviceUnavailable, "This endpoint is disabled because the server runs without workspaces.")
        }
        routes.raw(.get, "3.0/mlflow/workspaces", requires: .read(.service), disabled)
        routes.raw(.post, "3.0/mlflow/workspaces", requires: .admin, disabled)
        routes.raw(.get, "3.0/mlflow/workspaces/{workspace_name}", requires: .read(.service), disabled)
        for method in [HTTPRequest.Method.patch, .delete] {
            routes.raw(method, "3.0/mlflow/workspaces/{workspace_name}", requires: .admin, disabled)
        }
    }

    private static func noServer(_ context: ServiceRequestContext) -> ServiceError {
        .doesNotExist("MCP server '\(context.pathParameter("name"))' not found")
    }

    /// MLflow's registry of MCP servers can't be disabled, so this one is always empty.
    private func registerMCPServers(on routes: APIRoutes) {
        let path = "3.0/mlflow/mcp-servers"
        let unavailable: APIRoutes.Handler = { _, _ in throw Self.unavailable("The MCP server registry") }
        routes.raw(.get, path, requires: .read(.service)) { _, _ in
            .json(["mcp_servers": [], "next_page_token": .null] as JSONValue)
        }
        routes.raw(.post, path, requires: .edit(.service), unavailable)
        for path in [path + "/{name}", path + "/{name}/**"] {
            routes.raw(.get, path, requires: .read(.service)) { _, context in throw Self.noServer(context) }
            for method in [HTTPRequest.Method.post, .put, .patch, .delete] {
                routes.raw(method, path, requires: .edit(.service), unavailable)
            }
        }
    }
}

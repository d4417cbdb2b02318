"""The UI's requests to features that are off or that this server doesn't have."""

from ..case import request

BROWSER = "/ajax-api/3.0/mlflow"

CASES = [
    request("GET", "telemetry settings", f"{BROWSER}/ui-telemetry"),
    request("POST", "telemetry records", f"{BROWSER}/ui-telemetry", {"records": []}),
    request("POST", "malformed telemetry records", f"{BROWSER}/ui-telemetry", {"records": [{"event_name": 1}]}),
    request("GET", "telemetry is for browsers only", "/api/3.0/mlflow/ui-telemetry"),
    request("GET", "the current user", "/ajax-api/2.0/mlflow/users/current"),
    request("GET", "the users", "/ajax-api/2.0/mlflow/users/list"),
    request("GET", "skills", f"{BROWSER}/skills"),
    request("GET", "MCP servers", f"{BROWSER}/mcp-servers"),
    request("GET", "an MCP server", f"{BROWSER}/mcp-servers/nothing"),
    request("GET", "workspaces", f"{BROWSER}/workspaces"),
    request("POST", "a new workspace", f"{BROWSER}/workspaces", {"name": "team"}),
    request("GET", "a workspace", "/api/3.0/mlflow/workspaces/default"),
    request("DELETE", "a workspace to delete", "/api/3.0/mlflow/workspaces/default"),
    request("GET", "the assistant's settings", f"{BROWSER}/assistant/config"),
    request("POST", "demo data to delete", f"{BROWSER}/demo/delete", {}),
    request("GET", "a missing static file", "/static-files/nothing.js"),
    request("GET", "a static file outside", "/static-files/%2e%2e/server.py"),
    request("GET", "the directory of static files", "/static-files/"),
]

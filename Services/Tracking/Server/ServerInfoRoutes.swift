internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// `server-info`, which reports the server's capabilities to clients.
struct ServerInfoRoutes: Sendable {
    /// Whether clients may transfer large artifacts directly to and from the artifact store.
    let hasDirectTransfer: Bool
    /// Whether a gateway is configured; the UI then shows the playground and the gateway's pages.
    let hasGateway: Bool

    func register(on routes: APIRoutes) {
        routes.mlflow(.get, "server-info", version: "3.0", requires: .public, execution: .onEventLoop) { _, _ in
            ServerInfo(hasDirectTransfer: hasDirectTransfer, hasGateway: hasGateway)
        }
    }
}

private struct ServerInfo: JSONWritable, Sendable {
    let hasDirectTransfer: Bool
    let hasGateway: Bool

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("store_type", "SqlStore")
            json.field("workspaces_enabled", false)
            json.field("trace_archival_enabled", false)
            json.field("multipart_uploads_enabled", hasDirectTransfer)
            json.field("multipart_downloads_enabled", hasDirectTransfer)
            json.field("presigned_upload_run_id_supported", true)
            json.field("presigned_upload_model_id_supported", true)
            json.name("features_enabled")
            json.object { $0.field("gateway", hasGateway) }
        }
    }
}

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

import TestSupport
import Testing

@testable import Gateway

@Suite struct RouteDocumentTests {
    @Test func `The documented routes are those of the gateway`() async throws {
        try await GatewayServer.run(GatewayServer.endpoint(at: "http://127.0.0.1:9")) { server in
            try RouteDocument.check("Gateway") { server.gateway.register(on: $0) }
        }
    }
}

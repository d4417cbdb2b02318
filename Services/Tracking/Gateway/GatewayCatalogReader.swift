internal import HTTPServer
internal import ServiceClient
internal import ServiceKit
internal import WireProtocol

/// Reads the gateway's catalog with this server's key, on behalf of clients without a key.
struct GatewayCatalogReader: Sendable {
    private let settings: GatewaySettings
    private let client: GatewayClient

    /// The maximum duration of a call. The gateway serves the catalog from memory.
    private static let timeout: Duration = .seconds(30)

    init(_ settings: GatewaySettings) {
        self.settings = settings
        client = GatewayClient(
            client: JSONServiceClient(
                name: "gateway", address: settings.address, timeout: Self.timeout, token: settings.key,
                reserve: RequestMemory.reserveForCurrentRequest))
    }

    /// The endpoints, models, providers and budgets that this server's key can access. The call is cancelled if the client disconnects.
    ///
    /// - Throws: `ServiceError` with what to change in the settings of this server, where that helps.
    func catalog(_ context: ServiceRequestContext) async throws -> GatewayCatalog {
        try await withCancellationOnDisconnect(context) {
            do {
                return try await client.adding(headers: context.clientHeaders).catalog()
            } catch let error as ServiceError {
                throw explained(error)
            } catch {
                throw settings.failure(error)
            }
        }
    }

    private func explained(_ error: ServiceError) -> ServiceError {
        switch error.cause {
        case let response as UnexpectedResponse where !(200...299).contains(response.status): rejected(error)
        case is UnexpectedResponse, is MessageError:
            ServiceError(
                .internalError,
                "The server at the gateway's address is not an Unladen gateway. Check --gateway-uri of the tracking service.", cause: error)
        case is RequestMemory.Rejection: error
        case let reason?: settings.failure(reason)
        case nil: rejected(error)
        }
    }

    /// The error for a call that the gateway rejected. The UI retries a response with status 429, and no other.
    private func rejected(_ error: ServiceError) -> ServiceError {
        let isKeyRejected = error.code == .unauthenticated
        return ServiceError(
            isKeyRejected ? .permissionDenied : .internalError,
            "Failed to read the gateway's configuration: \(isKeyRejected ? settings.keyProblem : error.message)", cause: error.cause)
    }
}

internal import AsyncHTTPClient
internal import WireProtocol

extension ServiceError {
    static let gatewayNotConfigured = ServiceError(
        .notImplemented, "No gateway is configured. Start the tracking service with --gateway-uri, or `unladen up` with --gateway-config.")

    /// The error for requests that would change the gateway's configuration.
    static let gatewayReadOnly = ServiceError(
        .notImplemented,
        "Endpoints, models, keys and budgets of the gateway are set in its configuration file (--gateway-config of `unladen up`,"
            + " --config-path of unladen-gateway). Edit that file; the gateway reloads it within a second.")
}

extension GatewaySettings {
    /// The error for a call without a response.
    func failure(_ error: any Error) -> ServiceError {
        if error is CancellationError || Task.isCancelled { return ServiceError(.cancelled, "The client disconnected.") }
        switch error as? HTTPClientError {
        case .deadlineExceeded?, .readTimeout?:
            return ServiceError(.deadlineExceeded, "The gateway didn't respond in time.", cause: error)
        default:
            return .unavailable(
                "The gateway at \(url) can't be reached. Check that it is running, and check the tracking service's --gateway-uri.",
                cause: error)
        }
    }

    /// Why the gateway doesn't accept this server's key, and how to set another one.
    var keyProblem: String {
        guard key == nil else {
            return "The gateway doesn't accept the key of the tracking service, which may have expired or been revoked. Set another one "
                + "with UNLADEN_GATEWAY_KEY or UNLADEN_GATEWAY_KEY_FILE, and restart the tracking service."
        }
        return "The gateway needs a key, and the tracking service has none. Create one with `unladen gateway keys create --name ui`, "
            + "set it with UNLADEN_GATEWAY_KEY or UNLADEN_GATEWAY_KEY_FILE, and restart the tracking service."
    }
}

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

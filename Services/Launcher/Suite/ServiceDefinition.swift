internal import ServiceKit

/// A service of the suite, as `unladen up` starts it.
package struct ServiceDefinition: Sendable {
    /// The service's name in logs and tables. Its executable is `unladen-NAME`.
    package var name: String
    /// The offset of its preferred port from the suite's port.
    package var portOffset: Int
    /// Whether it stops before the others because it sends data to them until it exits.
    package var stopsFirst: Bool
    /// The service-specific flags.
    package var flags: @Sendable (SuitePlan) -> [String]
    /// The service-specific environment variables.
    package var environment: @Sendable (SuitePlan) -> [String: String]

    package init(
        name: String, portOffset: Int, stopsFirst: Bool = false,
        environment: @escaping @Sendable (SuitePlan) -> [String: String] = { _ in [:] },
        flags: @escaping @Sendable (SuitePlan) -> [String]
    ) {
        self.name = name
        self.portOffset = portOffset
        self.stopsFirst = stopsFirst
        self.environment = environment
        self.flags = flags
    }

    /// The name of the executable.
    package var executable: String { "unladen-\(name)" }

    /// The suite, starting with the service that clients use. The others are stopped after it, so that its remaining requests can reach
    /// them.
    package static let suite = [
        ServiceDefinition(name: "tracking", portOffset: 0) { plan in
            // The UI's playground and prompt engineering use the gateway, if there is one.
            let gateway = plan.ports["gateway"] == nil ? [] : ["--gateway-uri", plan.url(of: "gateway")]
            return plan.stores.artifactFlags + ["--registry-uri", plan.url(of: "registry")] + gateway + plan.webUIFlags
        },
        ServiceDefinition(name: "registry", portOffset: 1) { plan in
            ["--tracking-uri", plan.url(of: "tracking")]
        },
    ]

    /// The gateway, which is part of the suite if it has a configuration.
    package static func gateway(configuration: String) -> ServiceDefinition {
        // It sends traces to the suite's tracking service unless its configuration specifies another.
        ServiceDefinition(
            name: "gateway", portOffset: 2, stopsFirst: true, environment: { ["MLFLOW_TRACKING_URI": $0.url(of: "tracking")] }
        ) { plan in
            ["--config-path", configuration, "--usage-log-dir", plan.stores.dataDirectory.file("gateway-usage-log")]
        }
    }
}

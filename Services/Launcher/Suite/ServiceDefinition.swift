/// A service of the suite: a row of the table from which `unladen up` starts.
package struct ServiceDefinition: Sendable {
    /// Its name in logs, in tables, and after `unladen-` that of its executable.
    package var name: String
    /// Its preferred port, counted from the suite's port.
    package var portOffset: Int
    /// Whether it stops before the others, as it hands things to them until its end.
    package var stopsFirst: Bool
    /// The flags that it gets beside those that all services have.
    package var flags: @Sendable (SuitePlan) -> [String]
    /// What it finds in its environment, beside what all services have.
    package var environment: @Sendable (SuitePlan) -> [String: String]

    package init(
        name: String, portOffset: Int, stopsFirst: Bool = false, environment: @escaping @Sendable (SuitePlan) -> [String: String] = { _ in [:] },
        flags: @escaping @Sendable (SuitePlan) -> [String]
    ) {
        self.name = name
        self.portOffset = portOffset
        self.stopsFirst = stopsFirst
        self.environment = environment
        self.flags = flags
    }

    package var executable: String { "unladen-\(name)" }

    /// The suite, with the service that clients talk to first: the ones behind it are stopped after it, so that what it
    /// still has to answer finds them.
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

    /// The gateway, which is part of the suite where it has a configuration.
    package static func gateway(configuration: String) -> ServiceDefinition {
        // Its traces go to the suite's tracking service, unless its configuration names another.
        ServiceDefinition(
            name: "gateway", portOffset: 2, stopsFirst: true, environment: { ["MLFLOW_TRACKING_URI": $0.url(of: "tracking")] }
        ) { plan in
            ["--config-path", configuration, "--journal-dir", plan.stores.dataDirectory.file("gateway-journal")]
        }
    }
}

internal import Foundation
package import ProcessKit
package import ServiceKit

/// The programs that `unladen up` starts, with their addresses and data.
package struct SuitePlan: Sendable {
    package var definitions: [ServiceDefinition]
    /// The ports by service name.
    package var ports: [String: Int]
    package var options: ServiceOptions
    package var stores: StoreLocations
    /// The directory of the services' executables.
    package var binaryDirectory: String
    /// The tracking service's flags for the web UI.
    package var webUIFlags: [String]

    package init(
        definitions: [ServiceDefinition], ports: [String: Int], options: ServiceOptions, stores: StoreLocations,
        binaryDirectory: String,
        webUIFlags: [String] = []
    ) {
        self.definitions = definitions
        self.ports = ports
        self.options = options
        self.stores = stores
        self.binaryDirectory = binaryDirectory
        self.webUIFlags = webUIFlags
    }

    /// The URL at which the launcher and the other services reach a service.
    package func url(of name: String) -> String { "http://\(host):\(ports[name] ?? 0)" }

    /// The host in the services' URLs.
    private var host: String {
        // A wildcard address can be bound, but clients can't connect to it.
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][options.host] ?? options.host
        return host.contains(":") ? "[\(host)]" : host
    }

    /// The program of a service with its arguments and environment.
    ///
    /// - Throws: `ConfigurationError` when the executable doesn't exist.
    package func program(for definition: ServiceDefinition) throws -> Program {
        let path = "\(binaryDirectory)/\(definition.executable)"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ConfigurationError(
                "--bin-dir: the executable \(path) doesn't exist. Build all of Unladen, or set --bin-dir to the executables' directory.")
        }
        var arguments = [
            "--host", options.host, "--port", String(ports[definition.name] ?? 0),
            "--log-level", options.logLevel.rawValue, "--log-format", options.logFormat.rawValue,
        ]
        arguments += options.connections.arguments
        arguments += ["--allowed-hosts", options.hosts(and: host)]
        if let origins = options.corsAllowedOrigins { arguments += ["--cors-allowed-origins", origins] }
        return Program(
            path: path, arguments: arguments + definition.flags(self),
            // Not a flag: it may contain a password, and all users can read the flags of a process.
            environment: definition.environment(self)
                .merging(["UNLADEN_BACKEND_STORE_URI": stores.backendStoreURI(of: definition.name)]) { $1 })
    }
}

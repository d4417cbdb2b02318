internal import Foundation
package import ServiceKit

/// What `unladen up` starts: which programs, on which addresses, over which data.
package struct SuitePlan: Sendable {
    package var definitions: [ServiceDefinition]
    /// The port of each service, by its name.
    package var ports: [String: Int]
    package var options: ServiceOptions
    package var stores: StoreLocations
    /// The folder of the services' executables.
    package var binaryDirectory: String
    /// The flags of the tracking service that say what it serves as the web UI, and where.
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

    /// Where the other services and we reach a service.
    package func url(of name: String) -> String { "http://\(host):\(ports[name] ?? 0)" }

    /// The host in the services' URLs.
    private var host: String {
        // An address that means "all of this machine's" can be listened on, but not be called.
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][options.host] ?? options.host
        return host.contains(":") ? "[\(host)]" : host
    }

    /// How a service is started.
    ///
    /// - Throws: `ConfigurationError` when its executable isn't there.
    package func program(for definition: ServiceDefinition) throws -> Program {
        let path = "\(binaryDirectory)/\(definition.executable)"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ConfigurationError("there is no program \(path); build all of Unladen, or name its folder with --bin-dir")
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
            // Not as a flag: it may hold a password, and everybody can read the flags of a process.
            environment: definition.environment(self).merging(["UNLADEN_BACKEND_STORE_URI": stores.backendStoreURI(of: definition.name)]) { $1 })
    }
}

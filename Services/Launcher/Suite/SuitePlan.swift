internal import Foundation
package import ServiceKit

/// What `unladen up` starts: which programs, on which addresses, over which data.
package struct SuitePlan: Sendable {
    package var entries: [ServiceEntry]
    /// The port of each service, by its name.
    package var ports: [String: Int]
    package var options: ServiceOptions
    package var stores: StoreLocations
    /// The folder of the services' executables.
    package var programFolder: String
    /// The flags of the tracking service that say what it serves as the web UI, and where.
    package var webUIFlags: [String]

    package init(
        entries: [ServiceEntry], ports: [String: Int], options: ServiceOptions, stores: StoreLocations, programFolder: String,
        webUIFlags: [String] = []
    ) {
        self.entries = entries
        self.ports = ports
        self.options = options
        self.stores = stores
        self.programFolder = programFolder
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
    package func program(for entry: ServiceEntry) throws -> Program {
        let path = "\(programFolder)/\(entry.executable)"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ConfigurationError("there is no program \(path); build all of Unladen, or name its folder with --bin-dir")
        }
        var arguments = [
            "--host", options.host, "--port", String(ports[entry.name] ?? 0),
            "--log-level", options.logLevel.rawValue, "--log-format", options.logFormat.rawValue,
        ]
        arguments += options.connections.arguments
        arguments += ["--allowed-hosts", options.hosts(and: host)]
        if let origins = options.corsAllowedOrigins { arguments += ["--cors-allowed-origins", origins] }
        return Program(
            path: path, arguments: arguments + entry.flags(self),
            // Not as a flag: it may hold a password, and everybody can read the flags of a process.
            environment: entry.environment(self).merging(["UNLADEN_BACKEND_STORE_URI": stores.backendStoreURI(of: entry.name)]) { $1 })
    }
}

package import ArgumentParser
package import Logging

/// The flags that every service has. A flag wins over its environment variable.
package struct ServiceOptions: ParsableArguments, Sendable {
    @Option(help: "Address to listen on; 0.0.0.0 for all. [UNLADEN_HOST]")
    package var host: String = Environment["UNLADEN_HOST"] ?? "127.0.0.1"

    @Option(help: "Port to listen on; 0 picks a free one. [UNLADEN_PORT]")
    package var port: Int?

    @Option(help: "trace, debug, info, notice, warning, error or critical. [UNLADEN_LOG_LEVEL]")
    package var logLevel: LogLevel = .environment("UNLADEN_LOG_LEVEL") ?? .info

    @Option(help: "text or json. [UNLADEN_LOG_FORMAT]")
    package var logFormat: LogFormat = .environment("UNLADEN_LOG_FORMAT") ?? .text

    @Option(
        help: """
            Host headers to accept, separated by commas, `*` as wildcard. Default: localhost and private addresses. \
            [UNLADEN_ALLOWED_HOSTS, MLFLOW_SERVER_ALLOWED_HOSTS]
            """)
    package var allowedHosts: String?

    @Option(
        help: """
            Origins of other sites whose pages may call the API, separated by commas. \
            [UNLADEN_CORS_ALLOWED_ORIGINS, MLFLOW_SERVER_CORS_ALLOWED_ORIGINS]
            """)
    package var corsAllowedOrigins: String?

    @OptionGroup package var connections: ConnectionOptions

    package init() {}

    package mutating func validate() throws {
        if let port, !(0...65535).contains(port) {
            throw ValidationError("--port must be between 0 and 65535, not \(port)")
        }
        try LogLevel.checkEnvironment("UNLADEN_LOG_LEVEL", "trace, debug, info, notice, warning, error or critical")
        try LogFormat.checkEnvironment("UNLADEN_LOG_FORMAT", "text or json")
    }

    /// The hosts that the flag or the environment name, or the default ones, and another one: a value for `--allowed-hosts`.
    package func hosts(and other: String) -> String {
        let known = hostList ?? OriginGuard.privateHosts.joined(separator: ",")
        return known.split(separator: ",").contains { $0 == other || $0 == "*" } ? known : "\(known),\(other)"
    }

    /// Whether the service is reached from this machine only.
    package var isLocal: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    private var hostList: String? {
        allowedHosts ?? Environment["UNLADEN_ALLOWED_HOSTS"] ?? Environment["MLFLOW_SERVER_ALLOWED_HOSTS"]
    }

    /// The protection from foreign pages that the flags and the environment ask for.
    var originGuard: OriginGuard {
        OriginGuard(
            hosts: hostList,
            origins: corsAllowedOrigins ?? Environment["UNLADEN_CORS_ALLOWED_ORIGINS"]
                ?? Environment["MLFLOW_SERVER_CORS_ALLOWED_ORIGINS"])
    }

    /// The port from the flag, the environment or the service's own default.
    package func port(default standard: Int) throws -> Int {
        if let port { return port }
        guard let text = Environment["UNLADEN_PORT"] else { return standard }
        guard let port = Int(text), (0...65535).contains(port) else {
            throw ConfigurationError("UNLADEN_PORT must be a port number, not '\(text)'")
        }
        return port
    }
}

package enum LogFormat: String, ExpressibleByArgument, Sendable, CaseIterable {
    case text
    case json
}

package enum LogLevel: String, ExpressibleByArgument, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    package var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

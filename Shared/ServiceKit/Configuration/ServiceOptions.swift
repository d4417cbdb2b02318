package import ArgumentParser
package import Logging

/// The flags that all services share. A flag takes precedence over its environment variable.
package struct ServiceOptions: ParsableArguments, Sendable {
    @Option(help: "Address to listen on; 0.0.0.0 for all interfaces. [UNLADEN_HOST]")
    package var host: String = Environment["UNLADEN_HOST"] ?? "127.0.0.1"

    @Option(help: "Port to listen on; 0 picks a free one. [UNLADEN_PORT]")
    package var port: Int?

    @Option(help: "Minimum level of log lines: trace, debug, info, notice, warning, error or critical. [UNLADEN_LOG_LEVEL]")
    package var logLevel: LogLevel = .environment("UNLADEN_LOG_LEVEL") ?? .info

    @Option(help: "Format of log lines: text or json. [UNLADEN_LOG_FORMAT]")
    package var logFormat: LogFormat = .environment("UNLADEN_LOG_FORMAT") ?? .text

    @Option(
        help: """
            Comma-separated list of accepted Host headers, with `*` as a wildcard. Default: localhost and private addresses. \
            [UNLADEN_ALLOWED_HOSTS, MLFLOW_SERVER_ALLOWED_HOSTS]
            """)
    package var allowedHosts: String?

    @Option(
        help: """
            Comma-separated list of origins whose pages may call the API. \
            [UNLADEN_CORS_ALLOWED_ORIGINS, MLFLOW_SERVER_CORS_ALLOWED_ORIGINS]
            """)
    package var corsAllowedOrigins: String?

    @OptionGroup package var connections: ConnectionOptions

    package init() {}

    package mutating func validate() throws {
        if let port, !(0...65535).contains(port) {
            throw ValidationError("--port must be between 0 and 65535, not \(port).")
        }
        try LogLevel.checkEnvironment("UNLADEN_LOG_LEVEL", "trace, debug, info, notice, warning, error or critical")
        try LogFormat.checkEnvironment("UNLADEN_LOG_FORMAT", "text or json")
    }

    /// A value for `--allowed-hosts`: the configured or default hosts, and one more.
    package func hosts(and other: String) -> String {
        let known = hostList ?? OriginGuard.privateHosts.joined(separator: ",")
        return known.split(separator: ",").contains { $0 == other || $0 == "*" } ? known : "\(known),\(other)"
    }

    /// Whether the service can be reached only from this machine.
    package var isLocal: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    private var hostList: String? {
        allowedHosts ?? Environment["UNLADEN_ALLOWED_HOSTS", "MLFLOW_SERVER_ALLOWED_HOSTS"]
    }

    /// The origin guard configured by the flags and environment variables.
    var originGuard: OriginGuard {
        OriginGuard(
            hosts: hostList,
            origins: corsAllowedOrigins ?? Environment["UNLADEN_CORS_ALLOWED_ORIGINS", "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS"])
    }

    /// The port from the flag, the environment variable, or the service's default, in this order.
    ///
    /// - Throws: `ConfigurationError` when the environment variable isn't a port number.
    package func port(default standard: Int) throws -> Int {
        if let port { return port }
        guard let text = Environment["UNLADEN_PORT"] else { return standard }
        guard let port = Int(text), (0...65535).contains(port) else {
            throw ConfigurationError("UNLADEN_PORT must be a port number, not '\(text)'.")
        }
        return port
    }
}

/// The format of log lines.
package enum LogFormat: String, ExpressibleByArgument, Sendable, CaseIterable {
    case text
    case json
}

/// A log level on the command line.
package enum LogLevel: String, ExpressibleByArgument, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    /// The level as swift-log defines it.
    package var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

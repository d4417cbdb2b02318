package import ArgumentParser
internal import HTTPServer
internal import NIOCore

/// The flags that limit the resources that clients can use.
package struct ConnectionOptions: ParsableArguments, Sendable {
    @Option(
        help: """
            Maximum number of connections. When it is reached, idle connections are closed; if there are none, a new connection gets \
            503. Default: half of the process's limit on open files, but no more than 16384. [UNLADEN_MAX_CONNECTIONS]
            """)
    package var maxConnections: Int?

    @Option(help: "How long a connection may stay open without a request. [UNLADEN_KEEP_ALIVE_TIMEOUT]")
    package var keepAliveTimeout: DurationArgument = .environment("UNLADEN_KEEP_ALIVE_TIMEOUT") ?? .seconds(75)

    @Option(help: "How long receiving a request's header may take. [UNLADEN_REQUEST_HEADER_TIMEOUT]")
    package var requestHeaderTimeout: DurationArgument = .environment("UNLADEN_REQUEST_HEADER_TIMEOUT") ?? .seconds(30)

    @Option(
        help: """
            How long a request's body may arrive more slowly than 240 bytes per second. [UNLADEN_REQUEST_BODY_TIMEOUT]
            """)
    package var requestBodyTimeout: DurationArgument = .environment("UNLADEN_REQUEST_BODY_TIMEOUT") ?? .seconds(30)

    @Option(
        help: """
            How long a shutdown waits for requests in flight and for clients that are still reading. Afterwards, the remaining \
            connections are closed and logged. [UNLADEN_DRAIN_TIMEOUT]
            """)
    package var drainTimeout: DurationArgument = .environment("UNLADEN_DRAIN_TIMEOUT") ?? .seconds(30)

    @Option(
        help: """
            Memory for the bodies, values and long responses of all requests in flight, in bytes or with a suffix, such as 256M. \
            Requests that exceed it get 503. [UNLADEN_REQUEST_MEMORY]
            """)
    package var requestMemory: ByteCountArgument = .environment("UNLADEN_REQUEST_MEMORY") ?? ByteCountArgument(bytes: 192 << 20)

    package init() {}

    package mutating func validate() throws {
        if let maxConnections, !(1...1_000_000).contains(maxConnections) {
            throw ValidationError("--max-connections must be between 1 and 1000000, not \(maxConnections).")
        }
        if maxConnections == nil, let text = Environment["UNLADEN_MAX_CONNECTIONS"] {
            guard let number = Int(text), (1...1_000_000).contains(number) else {
                throw ValidationError("UNLADEN_MAX_CONNECTIONS must be a number between 1 and 1000000, not '\(text)'.")
            }
            maxConnections = number
        }
        for name in [
            "UNLADEN_KEEP_ALIVE_TIMEOUT", "UNLADEN_REQUEST_HEADER_TIMEOUT", "UNLADEN_REQUEST_BODY_TIMEOUT", "UNLADEN_DRAIN_TIMEOUT",
        ] {
            try DurationArgument.checkEnvironment(name, "a duration such as 500ms, 30s or 2m")
        }
        try ByteCountArgument.checkEnvironment("UNLADEN_REQUEST_MEMORY", "a number of bytes such as 268435456, 256M or 1G")
    }

    var timeouts: ConnectionTimeouts {
        var timeouts = ConnectionTimeouts()
        timeouts.header = TimeAmount(requestHeaderTimeout.duration)
        timeouts.body = TimeAmount(requestBodyTimeout.duration)
        timeouts.keepAlive = TimeAmount(keepAliveTimeout.duration)
        return timeouts
    }

    /// The flags to pass on to a child process, which reads the environment variables itself.
    package var arguments: [String] {
        let unset = try? ConnectionOptions.parse([])
        return zip(values, unset?.values ?? []).flatMap { value, unset in
            value.text == unset.text ? [] : value.text.map { [value.flag, $0] } ?? []
        }
    }

    private var values: [(flag: String, text: String?)] {
        [
            ("--max-connections", maxConnections.map(String.init)), ("--keep-alive-timeout", keepAliveTimeout.description),
            ("--request-header-timeout", requestHeaderTimeout.description), ("--request-body-timeout", requestBodyTimeout.description),
            ("--drain-timeout", drainTimeout.description), ("--request-memory", requestMemory.description),
        ]
    }
}

package import ArgumentParser
internal import NIOCore

/// The flags that bound what clients can take from a service.
package struct ConnectionOptions: ParsableArguments, Sendable {
    @Option(
        help: """
            Connections at most; beyond it, idle ones are closed, and a new one gets 503. Default: half of the files that the \
            process may open, 16384 at most. [UNLADEN_MAX_CONNECTIONS]
            """)
    package var maxConnections: Int?

    @Option(help: "How long a connection may be open without a request. [UNLADEN_KEEP_ALIVE_TIMEOUT]")
    package var keepAliveTimeout: DurationArgument = .environment("UNLADEN_KEEP_ALIVE_TIMEOUT") ?? .seconds(75)

    @Option(help: "How long a request's header may take. [UNLADEN_REQUEST_HEADER_TIMEOUT]")
    package var requestHeaderTimeout: DurationArgument = .environment("UNLADEN_REQUEST_HEADER_TIMEOUT") ?? .seconds(30)

    @Option(
        help: """
            How long a request's body may make no progress; 240 bytes a second is the least that counts as progress. \
            [UNLADEN_REQUEST_BODY_TIMEOUT]
            """)
    package var requestBodyTimeout: DurationArgument = .environment("UNLADEN_REQUEST_BODY_TIMEOUT") ?? .seconds(30)

    @Option(
        help: """
            How long a shutdown waits for requests under way and clients that still read; what is left is cut off and logged. \
            [UNLADEN_DRAIN_TIMEOUT]
            """)
    package var drainTimeout: DurationArgument = .environment("UNLADEN_DRAIN_TIMEOUT") ?? .seconds(30)

    @Option(
        help: """
            Memory for the bodies, values and long responses of all requests under way, in bytes or as 256M; beyond it, 503. \
            [UNLADEN_REQUEST_MEMORY]
            """)
    package var requestMemory: ByteCountArgument = .environment("UNLADEN_REQUEST_MEMORY") ?? ByteCountArgument(bytes: 192 << 20)

    package init() {}

    package mutating func validate() throws {
        if let maxConnections, !(1...1_000_000).contains(maxConnections) {
            throw ValidationError("--max-connections must be between 1 and 1000000, not \(maxConnections)")
        }
        if maxConnections == nil, let text = Environment["UNLADEN_MAX_CONNECTIONS"] {
            guard let number = Int(text), (1...1_000_000).contains(number) else {
                throw ValidationError("UNLADEN_MAX_CONNECTIONS must be a number between 1 and 1000000, not '\(text)'")
            }
            maxConnections = number
        }
        for name in ["UNLADEN_KEEP_ALIVE_TIMEOUT", "UNLADEN_REQUEST_HEADER_TIMEOUT", "UNLADEN_REQUEST_BODY_TIMEOUT", "UNLADEN_DRAIN_TIMEOUT"] {
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

    /// The flags that were given, for another service; it reads the environment itself.
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

internal import Foundation
package import HTTPServer
package import Hummingbird
package import Logging
internal import Primitives
internal import Synchronization

/// The context of a request in a service.
package struct ServiceRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The request's ID in the log and in the response's `X-Request-Id`: the client's own ID or a new one.
    package var requestID: String
    /// The client's trace; `nil` if the client sent none.
    package var traceContext: TraceContext?
    /// The limits on the size of the request.
    package var limits = RequestLimits.standard
    /// The client connection; `nil` in tests without one.
    package private(set) var connection: ClientConnection?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        requestID = ""
    }

    init(connection: ClientConnection, logger: Logger) {
        self.init(source: ApplicationRequestContextSource(channel: connection.channel, logger: logger))
        self.connection = connection
    }

    /// The memory that the request may reserve; `nil` without a connection.
    package var memory: RequestMemory? { connection?.memory }

    /// The maximum size of an API request's body, in bytes. Artifacts are streamed.
    package var maxUploadSize: Int { limits.bodyBytes }

    /// The headers that pass the client's trace on to our own services; empty if the client sent none.
    package var traceHeaders: [(name: String, value: String)] { traceContext?.headers ?? [] }

    /// The headers of calls to other services for this request: its ID and trace.
    package var clientHeaders: [(name: String, value: String)] { [("X-Request-Id", requestID)] + traceHeaders }

    /// The metadata of a log line about the request.
    package func logMetadata(_ more: Logger.Metadata) -> Logger.Metadata { .request(requestID, traceContext, more) }
}

extension ServiceRequestContext {
    /// The decoded path segment that matches `{name}` in the route; empty if the route has no such parameter.
    package func pathParameter(_ name: String) -> String {
        parameters.get(name).map { PercentEncoding.decode($0) } ?? ""
    }
}

/// Generates and validates request IDs.
package enum RequestID {
    /// A new ID of up to 16 hexadecimal digits.
    package static func generate() -> String {
        // SplitMix64 from a random start: unique enough across requests and processes, without a system call for each ID.
        var mixed = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return String(mixed ^ (mixed >> 31), radix: 16)
    }

    private static let state = Atomic(UInt64.random(in: .min ... .max))

    /// Returns a client's ID if it is safe to log, otherwise `nil`.
    package static func validated(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
        return isPlain && !text.isEmpty && text.utf8.count <= 128 ? text : nil
    }
}

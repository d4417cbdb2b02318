internal import Foundation
package import Hummingbird
internal import Logging
internal import Synchronization

/// What goes with a request through a service.
package struct ServiceRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Names the request in the log and in the response's `X-Request-Id`: the caller's own, or a new one.
    package var requestID: String
    /// What of the request is read at most.
    package var limits = RequestLimits.standard
    /// The connection that the request came over; `nil` without one, as in tests.
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

    /// Bodies of API requests are collected in memory up to this many bytes; artifacts are streamed.
    package var maxUploadSize: Int { limits.bodyBytes }
}

extension ServiceRequestContext {
    /// The part of the path that stands where the route has `{name}`, decoded; empty if the route has no such part.
    package func pathParameter(_ name: String) -> String {
        parameters.get(name).map { QueryString.decode($0.utf8, plusIsSpace: false) } ?? ""
    }
}

/// Makes request ids: a random part for the process, then a count.
package enum RequestID {
    package static func generate() -> String {
        // A count, mixed, from a random start (SplitMix64): different in each process and request, which is all that an id is for, and
        // without a call of the system each time.
        var mixed = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return String(mixed ^ (mixed >> 31), radix: 16)
    }

    private static let state = Atomic(UInt64.random(in: .min ... .max))

    /// A caller's id, if it is one that can stand in a log line.
    package static func validated(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
        return isPlain && !text.isEmpty && text.utf8.count <= 128 ? text : nil
    }
}

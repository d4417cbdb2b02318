/// A span in OpenTelemetry's model (opentelemetry/proto/trace/v1/trace.proto).
package struct Span: Sendable, Equatable {
    package var traceID: [UInt8] = []
    package var spanID: [UInt8] = []
    /// Empty for a root span.
    package var parentID: [UInt8] = []
    package var traceState = ""
    package var flags: UInt32 = 0
    package var name = ""
    package var kind = Kind.unspecified
    /// Nanoseconds since 1970; 0 if unknown.
    package var startTime: UInt64 = 0
    package var endTime: UInt64 = 0
    package var attributes: [Attribute] = []
    package var events: [Event] = []
    package var links: [Link] = []
    package var status = Status.unset
    package var statusMessage = ""

    package init(traceID: [UInt8] = [], spanID: [UInt8] = []) {
        self.traceID = traceID
        self.spanID = spanID
    }

    /// Something that happened during a span.
    package struct Event: Sendable, Equatable {
        /// Nanoseconds since 1970.
        package var time: UInt64
        package var name: String
        package var attributes: [Attribute]

        package init(time: UInt64 = 0, name: String = "", attributes: [Attribute] = []) {
            self.time = time
            self.name = name
            self.attributes = attributes
        }
    }

    /// A reference to a span of another trace.
    package struct Link: Sendable, Equatable {
        package var traceID: [UInt8]
        package var spanID: [UInt8]
        package var traceState: String
        package var attributes: [Attribute]

        package init(traceID: [UInt8] = [], spanID: [UInt8] = [], traceState: String = "", attributes: [Attribute] = []) {
            self.traceID = traceID
            self.spanID = spanID
            self.traceState = traceState
            self.attributes = attributes
        }
    }

    /// A span's role in its trace; the raw value is protobuf's number.
    package enum Kind: UInt64, Sendable {
        case unspecified, `internal`, server, client, producer, consumer

        /// Converts protobuf's number; an unknown number counts as unspecified.
        package init(number: UInt64) { self = Kind(rawValue: number) ?? .unspecified }

        /// The names in protobuf, by number.
        static let names = [
            "SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER",
            "SPAN_KIND_CONSUMER",
        ]

        /// The name in protobuf; `nil` if the field is omitted.
        var wireName: String? { self == .unspecified ? nil : Self.names[Int(rawValue)] }
    }

    /// A span's status; the raw value is MLflow's name for it.
    package enum Status: String, Sendable {
        case unset = "UNSET"
        case ok = "OK"
        case error = "ERROR"

        /// Converts protobuf's number; an unknown number counts as unset.
        package init(number: UInt64) {
            self = number == 1 ? .ok : number == 2 ? .error : .unset
        }

        /// The names in protobuf, by number.
        static let names = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"]

        /// Protobuf's number; `nil` if the field is omitted.
        var number: Int64? {
            switch self {
            case .unset: nil
            case .ok: 1
            case .error: 2
            }
        }

        /// The name in protobuf; `nil` if the field is omitted.
        var wireName: String? { number.map { Self.names[Int($0)] } }
    }

    package var isRoot: Bool { parentID.isEmpty }
}

/// The spans of one resource, which is the program that created them.
package struct ResourceSpans: Sendable, Equatable {
    package var resource: [Attribute]
    package var spans: [Span]

    package init(resource: [Attribute] = [], spans: [Span] = []) {
        self.resource = resource
        self.spans = spans
    }
}

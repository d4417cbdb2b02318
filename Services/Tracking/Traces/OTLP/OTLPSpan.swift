/// A span in OpenTelemetry's model (opentelemetry/proto/trace/v1/trace.proto).
struct OTLPSpan: Sendable, Equatable {
    var traceID: [UInt8] = []
    var spanID: [UInt8] = []
    /// Empty for a root span.
    var parentID: [UInt8] = []
    var traceState = ""
    var flags: UInt32 = 0
    var name = ""
    var kind: UInt64 = 0
    /// Nanoseconds since 1970; 0 if unknown.
    var startTime: UInt64 = 0
    var endTime: UInt64 = 0
    var attributes: [Attribute] = []
    var events: [Event] = []
    var links: [Link] = []
    var status = Status.unset
    var statusMessage = ""

    struct Event: Sendable, Equatable {
        var time: UInt64 = 0
        var name = ""
        var attributes: [Attribute] = []
    }

    struct Link: Sendable, Equatable {
        var traceID: [UInt8] = []
        var spanID: [UInt8] = []
        var traceState = ""
        var attributes: [Attribute] = []
    }

    /// A span's status; the raw value is MLflow's name for it.
    enum Status: String, Sendable {
        case unset = "UNSET"
        case ok = "OK"
        case error = "ERROR"

        /// Converts protobuf's number; an unknown number counts as unset.
        init(number: UInt64) {
            self = number == 1 ? .ok : number == 2 ? .error : .unset
        }

        /// The name in protobuf; `nil` if the field is omitted.
        var wireName: String? { self == .unset ? nil : "STATUS_CODE_\(rawValue)" }
    }

    /// The names of `SpanKind`, indexed by number.
    static let kinds = [
        "SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER",
        "SPAN_KIND_CONSUMER",
    ]

    var isRoot: Bool { parentID.isEmpty }
}

/// The spans of one resource, which is the program that created them.
struct ResourceSpans: Sendable, Equatable {
    var resource: [Attribute] = []
    var spans: [OTLPSpan] = []
}

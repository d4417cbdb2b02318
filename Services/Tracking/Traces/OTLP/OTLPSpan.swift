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

/// Hexadecimal encoding in lowercase.
enum Hex {
    static func text(_ bytes: some Collection<UInt8>) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            for nibble in [byte >> 4, byte & 15] { digits.append(nibble < 10 ? 48 + nibble : 87 + nibble) }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Decodes a hexadecimal string; `nil` if it isn't one or has an odd length.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

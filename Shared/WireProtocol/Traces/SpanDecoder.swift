internal import Primitives

/// Decodes spans from protobuf's JSON form: 64-bit integers are numbers or strings, and names are in camelCase or snake_case.
struct SpanDecoder {
    /// How the IDs of spans and traces are encoded.
    enum IDEncoding {
        /// As in protobuf's JSON form of bytes, which MLflow uses.
        case base64
        /// As in OTLP's JSON form.
        case hexadecimal
    }

    let ids: IDEncoding
    let budget: SpanBudget

    /// - Throws: `OTLPError` for a span that exceeds a limit, `ServiceError` for an invalid value.
    func span(_ value: JSONValue) throws -> Span {
        var span = Span()
        let (events, links) = (try Self.list(value, "events"), try Self.list(value, "links"))
        try budget.checkEvents(events.count)
        try budget.checkLinks(links.count)
        span.traceID = try id(value, "traceId", "trace_id")
        span.spanID = try id(value, "spanId", "span_id")
        span.parentID = try id(value, "parentSpanId", "parent_span_id")
        span.traceState = Self.text(value, "traceState", "trace_state")
        span.flags = UInt32(truncatingIfNeeded: try Self.integer(value, "flags"))
        span.name = Self.text(value, "name")
        span.kind = Span.Kind(number: try Self.enumeration(value["kind"], Span.Kind.names))
        span.startTime = UInt64(clamping: try Self.integer(value, "startTimeUnixNano", "start_time_unix_nano"))
        span.endTime = UInt64(clamping: try Self.integer(value, "endTimeUnixNano", "end_time_unix_nano"))
        span.attributes = try attributes(of: value)
        span.events = try events.map { event in
            Span.Event(
                time: UInt64(clamping: try Self.integer(event, "timeUnixNano", "time_unix_nano")), name: Self.text(event, "name"),
                attributes: try attributes(of: event))
        }
        span.links = try links.map { link in
            Span.Link(
                traceID: try id(link, "traceId", "trace_id"), spanID: try id(link, "spanId", "span_id"),
                traceState: Self.text(link, "traceState", "trace_state"), attributes: try attributes(of: link))
        }
        if let status = value["status"] {
            span.status = Span.Status(
                number: try Self.enumeration(status["code"], Span.Status.names))
            span.statusMessage = Self.text(status, "message")
        }
        return span
    }

    func attributes(of value: JSONValue) throws -> [Attribute] {
        let attributes = try Self.list(value, "attributes")
        try budget.checkAttributes(attributes.count)
        return try attributes.map(Self.attribute)
    }

    private static func attribute(_ value: JSONValue) throws -> Attribute {
        Attribute(key: text(value, "key"), value: try anyValue(value["value"] ?? .null))
    }

    private static func anyValue(_ value: JSONValue) throws -> AttributeValue {
        guard case .object(let object) = value else { return .none }
        for member in object.members where member.value != .null {
            switch (member.name, member.value) {
            case ("stringValue", .string(let text)), ("string_value", .string(let text)): return .string(text)
            case ("boolValue", .bool(let flag)), ("bool_value", .bool(let flag)): return .bool(flag)
            case ("intValue", let value), ("int_value", let value):
                guard let integer = value.integerValue else { throw invalid }
                return .integer(integer)
            case ("doubleValue", let value), ("double_value", let value):
                guard let number = double(value) else { throw invalid }
                return .number(number)
            case ("arrayValue", let value), ("array_value", let value): return .array(try list(value, "values").map(anyValue))
            case ("kvlistValue", let value), ("kvlist_value", let value): return .object(try list(value, "values").map(attribute))
            case ("bytesValue", .string(let text)), ("bytes_value", .string(let text)):
                guard let bytes = Base64.decode(text) else { throw invalid }
                return .bytes(bytes)
            default: continue
            }
        }
        return .none
    }

    // MARK: Fields

    static var invalid: ServiceError { ServiceError(.badRequest, "Invalid OpenTelemetry format") }

    private static func member(_ value: JSONValue, _ names: [String]) -> JSONValue? {
        names.lazy.compactMap { value[$0] }.first { $0 != .null }
    }

    static func list(_ value: JSONValue, _ names: String...) throws -> [JSONValue] {
        guard let found = member(value, names) else { return [] }
        guard case .array(let items) = found else { throw invalid }
        return items
    }

    private static func text(_ value: JSONValue, _ names: String...) -> String { member(value, names)?.stringValue ?? "" }

    private static func integer(_ value: JSONValue, _ names: String...) throws -> Int64 {
        guard let found = member(value, names) else { return 0 }
        if let integer = found.integerValue { return integer }
        // A value above 2^63 is not a plausible time, but a valid number.
        guard let number = double(found), number > 0 else { throw invalid }
        return .max
    }

    private static func double(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .string(let text): Double(text)
        default: nil
        }
    }

    private func id(_ value: JSONValue, _ names: String...) throws -> [UInt8] {
        guard let text = Self.member(value, names)?.stringValue else { return [] }
        guard let bytes = ids == .base64 ? Base64.decode(text) : Hex.decode(text) else { throw Self.invalid }
        return bytes
    }

    private static func enumeration(_ value: JSONValue?, _ names: [String]) throws -> UInt64 {
        switch value {
        case nil, .null?: return 0
        case .string(let name)? where names.contains(name): return UInt64(names.firstIndex(of: name) ?? 0)
        case let value?:
            guard let number = value.integerValue else { throw invalid }
            return UInt64(clamping: number)
        }
    }
}

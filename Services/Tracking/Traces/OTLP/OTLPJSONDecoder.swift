internal import Primitives
internal import WireProtocol

/// Decodes `ExportTraceServiceRequest` from OTLP's JSON form (opentelemetry.io/docs/specs/otlp, JSON Protobuf Encoding): IDs are
/// hexadecimal, 64-bit integers are numbers or strings, and names are in camelCase; snake_case is accepted too.
enum OTLPJSONDecoder {
    /// The spans of a request; the JSON parser has already bounded the number of values. A span that exceeds a limit is omitted and
    /// counted.
    ///
    /// - Throws: `OTLPError` for a request that exceeds a limit, `ServiceError` for an invalid value.
    static func spans(in body: JSONValue, limits: SpanLimits = .standard) throws -> ReceivedSpans {
        var budget = SpanBudget(limits, nodes: .max)
        var result = ReceivedSpans()
        for group in try list(body, "resourceSpans", "resource_spans") {
            var spans = ResourceSpans()
            do {
                spans.resource = try attributes(of: group["resource"] ?? .null, budget)
            } catch OTLPError.spanTooLarge {
                throw OTLPError.requestTooLarge("too many attributes in a resource")
            }
            for scope in try list(group, "scopeSpans", "scope_spans") {
                for span in try list(scope, "spans") {
                    try budget.spendSpan()
                    do {
                        spans.spans.append(try Self.span(span, budget))
                    } catch OTLPError.spanTooLarge(let reason) {
                        result.rejected += 1
                        result.reason = result.reason ?? reason
                    }
                }
            }
            result.groups.append(spans)
        }
        return result
    }

    private static func span(_ value: JSONValue, _ budget: SpanBudget) throws -> OTLPSpan {
        var span = OTLPSpan()
        let (events, links) = (try list(value, "events"), try list(value, "links"))
        try budget.checkEvents(events.count)
        try budget.checkLinks(links.count)
        span.traceID = try id(value, "traceId", "trace_id")
        span.spanID = try id(value, "spanId", "span_id")
        span.parentID = try id(value, "parentSpanId", "parent_span_id")
        span.traceState = text(value, "traceState", "trace_state")
        span.flags = UInt32(truncatingIfNeeded: try integer(value, "flags"))
        span.name = text(value, "name")
        span.kind = try enumeration(value["kind"], OTLPSpan.kinds)
        span.startTime = UInt64(clamping: try integer(value, "startTimeUnixNano", "start_time_unix_nano"))
        span.endTime = UInt64(clamping: try integer(value, "endTimeUnixNano", "end_time_unix_nano"))
        span.attributes = try attributes(of: value, budget)
        span.events = try events.map { event in
            OTLPSpan.Event(
                time: UInt64(clamping: try integer(event, "timeUnixNano", "time_unix_nano")), name: text(event, "name"),
                attributes: try attributes(of: event, budget))
        }
        span.links = try links.map { link in
            OTLPSpan.Link(
                traceID: try id(link, "traceId", "trace_id"), spanID: try id(link, "spanId", "span_id"),
                traceState: text(link, "traceState", "trace_state"), attributes: try attributes(of: link, budget))
        }
        if let status = value["status"] {
            span.status = OTLPSpan.Status(
                number: try enumeration(status["code"], ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"]))
            span.statusMessage = text(status, "message")
        }
        return span
    }

    private static func attributes(of value: JSONValue, _ budget: SpanBudget) throws -> [Attribute] {
        let attributes = try list(value, "attributes")
        try budget.checkAttributes(attributes.count)
        return try attributes.map(attribute)
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

    private static func list(_ value: JSONValue, _ names: String...) throws -> [JSONValue] {
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

    private static func id(_ value: JSONValue, _ names: String...) throws -> [UInt8] {
        guard let text = member(value, names)?.stringValue else { return [] }
        guard let bytes = Hex.decode(text) else { throw invalid }
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

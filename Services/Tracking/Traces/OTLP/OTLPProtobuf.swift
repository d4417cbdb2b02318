/// Reads `ExportTraceServiceRequest` (opentelemetry/proto/collector/trace/v1/trace_service.proto) from protobuf. Unknown fields are
/// skipped, and a field with a value of another wire type too, as protobuf's own readers do.
enum OTLPProtobuf {
    /// How deep messages may be nested, as in protobuf's own readers.
    private static let maximumDepth = 100

    static func spans(in bytes: [UInt8]) throws(ProtobufError) -> [ResourceSpans] {
        var groups: [ResourceSpans] = []
        var reader = ProtobufReader(bytes[...])
        while let (number, value) = try reader.next() {
            if number == 1, case .bytes(let message) = value { groups.append(try resourceSpans(message)) }
        }
        return groups
    }

    private static func resourceSpans(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> ResourceSpans {
        var group = ResourceSpans()
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            guard case .bytes(let message) = value else { continue }
            switch number {
            case 1:
                var resource = ProtobufReader(message)
                while let (number, value) = try resource.next() {
                    if number == 1, case .bytes(let message) = value { group.resource.append(try attribute(message, depth: 3)) }
                }
            case 2:
                var scope = ProtobufReader(message)
                while let (number, value) = try scope.next() {
                    if number == 2, case .bytes(let message) = value { group.spans.append(try span(message)) }
                }
            default: break
            }
        }
        return group
    }

    private static func span(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> OTLPSpan {
        var span = OTLPSpan()
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            switch (number, value) {
            case (1, .bytes(let id)): span.traceID = Array(id)
            case (2, .bytes(let id)): span.spanID = Array(id)
            case (3, .bytes(let text)): span.traceState = Self.text(text)
            case (4, .bytes(let id)): span.parentID = Array(id)
            case (5, .bytes(let text)): span.name = Self.text(text)
            case (6, .varint(let kind)): span.kind = kind
            case (7, .fixed64(let time)): span.startTime = time
            case (8, .fixed64(let time)): span.endTime = time
            case (9, .bytes(let message)): span.attributes.append(try attribute(message, depth: 4))
            case (11, .bytes(let message)): span.events.append(try event(message))
            case (13, .bytes(let message)): span.links.append(try link(message))
            case (15, .bytes(let message)): try readStatus(message, of: &span)
            case (16, .fixed32(let flags)): span.flags = flags
            default: break
            }
        }
        return span
    }

    private static func event(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> OTLPSpan.Event {
        var event = OTLPSpan.Event()
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            switch (number, value) {
            case (1, .fixed64(let time)): event.time = time
            case (2, .bytes(let text)): event.name = Self.text(text)
            case (3, .bytes(let message)): event.attributes.append(try attribute(message, depth: 5))
            default: break
            }
        }
        return event
    }

    private static func link(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> OTLPSpan.Link {
        var link = OTLPSpan.Link()
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            switch (number, value) {
            case (1, .bytes(let id)): link.traceID = Array(id)
            case (2, .bytes(let id)): link.spanID = Array(id)
            case (3, .bytes(let text)): link.traceState = Self.text(text)
            case (4, .bytes(let message)): link.attributes.append(try attribute(message, depth: 5))
            default: break
            }
        }
        return link
    }

    private static func readStatus(_ bytes: ArraySlice<UInt8>, of span: inout OTLPSpan) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            switch (number, value) {
            case (2, .bytes(let text)): span.statusMessage = Self.text(text)
            case (3, .varint(let code)): span.status = OTLPSpan.Status(number: code)
            default: break
            }
        }
    }

    private static func attribute(_ bytes: ArraySlice<UInt8>, depth: Int) throws(ProtobufError) -> Attribute {
        var attribute = Attribute(key: "", value: .none)
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            switch (number, value) {
            case (1, .bytes(let text)): attribute.key = Self.text(text)
            case (2, .bytes(let message)): attribute.value = try anyValue(message, depth: depth + 1)
            default: break
            }
        }
        return attribute
    }

    private static func anyValue(_ bytes: ArraySlice<UInt8>, depth: Int) throws(ProtobufError) -> AttributeValue {
        guard depth < maximumDepth else { throw ProtobufError(reason: "nested deeper than \(maximumDepth) messages") }
        var result = AttributeValue.none
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            switch (number, value) {
            case (1, .bytes(let text)): result = .string(Self.text(text))
            case (2, .varint(let flag)): result = .bool(flag != 0)
            case (3, .varint(let integer)): result = .integer(Int64(bitPattern: integer))
            case (4, .fixed64(let bits)): result = .number(Double(bitPattern: bits))
            case (5, .bytes(let message)):
                var values: [AttributeValue] = []
                var list = ProtobufReader(message)
                while let (number, value) = try list.next() {
                    if number == 1, case .bytes(let message) = value { values.append(try anyValue(message, depth: depth + 2)) }
                }
                result = .array(values)
            case (6, .bytes(let message)):
                var members: [Attribute] = []
                var list = ProtobufReader(message)
                while let (number, value) = try list.next() {
                    if number == 1, case .bytes(let message) = value { members.append(try attribute(message, depth: depth + 2)) }
                }
                result = .object(members)
            case (7, .bytes(let data)): result = .bytes(Array(data))
            default: break
            }
        }
        return result
    }

    /// Text that isn't UTF-8, which protobuf would refuse, is repaired: a span is worth more than the letter.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}

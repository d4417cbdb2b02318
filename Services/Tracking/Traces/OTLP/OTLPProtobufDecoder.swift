internal import WireProtocol

/// Decodes `ExportTraceServiceRequest` (opentelemetry/proto/collector/trace/v1/trace_service.proto) from protobuf. Skips unknown
/// fields, and fields with an unexpected wire type, as protobuf's own decoders do.
struct OTLPProtobufDecoder {
    /// The maximum nesting depth of messages, as in protobuf's own decoders.
    private static let maximumDepth = 100

    private var budget: SpanBudget
    private var result = ReceivedSpans()

    /// The spans of a request. A span that exceeds a limit is omitted and counted.
    ///
    /// - Parameters:
    ///   - nodes: the maximum number of spans, attributes, values, events and links in total.
    ///   - reserve: reserves this many more bytes of memory, and returns whether it succeeded.
    /// - Throws: `malformed`, `requestTooLarge` or `outOfMemory`.
    static func spans(
        in bytes: some Collection<UInt8>, limits: SpanLimits = .standard, nodes: Int = 1_000_000,
        reserve: @escaping (Int) -> Bool = { _ in true }
    ) throws(OTLPError) -> ReceivedSpans {
        var reader = OTLPProtobufDecoder(budget: SpanBudget(limits, nodes: nodes, reserve: reserve))
        let read: Result<ReceivedSpans, OTLPError>? = bytes.withContiguousStorageIfAvailable { reader.result(UnsafeRawBufferPointer($0)) }
        return try (read ?? Array(bytes).withUnsafeBytes { reader.result($0) }).get()
    }

    private mutating func result(_ bytes: UnsafeRawBufferPointer) -> Result<ReceivedSpans, OTLPError> {
        do throws(OTLPError) {
            try forEachField(of: bytes) { reader, number, value throws(OTLPError) in
                if number == 1, case .bytes(let message) = value { try reader.readResourceSpans(message) }
            }
            return .success(result)
        } catch {
            return .failure(error)
        }
    }

    private mutating func readResourceSpans(_ bytes: UnsafeRawBufferPointer) throws(OTLPError) {
        try budget.spend()
        let index = result.groups.count
        result.groups.append(ResourceSpans())
        try forEachField(of: bytes) { reader, number, value throws(OTLPError) in
            guard case .bytes(let message) = value else { return }
            switch number {
            case 1: try reader.readResource(message, at: index)
            case 2:
                try reader.forEachField(of: message) { reader, number, value throws(OTLPError) in
                    if number == 2, case .bytes(let message) = value { try reader.readSpan(message, at: index) }
                }
            default: break
            }
        }
    }

    private mutating func readResource(_ bytes: UnsafeRawBufferPointer, at index: Int) throws(OTLPError) {
        var attributes = result.groups[index].resource
        do throws(OTLPError) {
            try forEachField(of: bytes) { reader, number, value throws(OTLPError) in
                guard number == 1, case .bytes(let message) = value else { return }
                try reader.addAttribute(message, depth: 3, to: &attributes)
            }
        } catch .spanTooLarge {
            // Without its resource, every span would be incomplete.
            throw .requestTooLarge("too many attributes in a resource")
        }
        result.groups[index].resource = attributes
    }

    private mutating func readSpan(_ bytes: UnsafeRawBufferPointer, at index: Int) throws(OTLPError) {
        try budget.spendSpan()
        do throws(OTLPError) {
            let span = try span(bytes)
            result.groups[index].spans.append(span)
        } catch .spanTooLarge(let reason) {
            result.reject(reason)
        }
    }

    private mutating func span(_ bytes: UnsafeRawBufferPointer) throws(OTLPError) -> Span {
        var span = Span()
        try forEachField(of: bytes) { reader, number, value throws(OTLPError) in
            switch (number, value) {
            case (1, .bytes(let id)): span.traceID = Self.id(id)
            case (2, .bytes(let id)): span.spanID = Self.id(id)
            case (3, .bytes(let text)): span.traceState = Self.text(text)
            case (4, .bytes(let id)): span.parentID = Self.id(id)
            case (5, .bytes(let text)): span.name = Self.text(text)
            case (6, .varint(let kind)): span.kind = Span.Kind(number: kind)
            case (7, .fixed64(let time)): span.startTime = time
            case (8, .fixed64(let time)): span.endTime = time
            case (9, .bytes(let message)): try reader.addAttribute(message, depth: 4, to: &span.attributes)
            case (11, .bytes(let message)):
                try reader.budget.checkEvents(span.events.count + 1)
                span.events.append(try reader.event(message))
            case (13, .bytes(let message)):
                try reader.budget.checkLinks(span.links.count + 1)
                span.links.append(try reader.link(message))
            case (15, .bytes(let message)): try reader.readStatus(message, of: &span)
            case (16, .fixed32(let flags)): span.flags = flags
            default: break
            }
        }
        return span
    }

    private mutating func event(_ bytes: UnsafeRawBufferPointer) throws(OTLPError) -> Span.Event {
        try budget.spend()
        var event = Span.Event()
        try forEachField(of: bytes) { reader, number, value throws(OTLPError) in
            switch (number, value) {
            case (1, .fixed64(let time)): event.time = time
            case (2, .bytes(let text)): event.name = Self.text(text)
            case (3, .bytes(let message)): try reader.addAttribute(message, depth: 5, to: &event.attributes)
            default: break
            }
        }
        return event
    }

    private mutating func link(_ bytes: UnsafeRawBufferPointer) throws(OTLPError) -> Span.Link {
        try budget.spend()
        var link = Span.Link()
        try forEachField(of: bytes) { reader, number, value throws(OTLPError) in
            switch (number, value) {
            case (1, .bytes(let id)): link.traceID = Self.id(id)
            case (2, .bytes(let id)): link.spanID = Self.id(id)
            case (3, .bytes(let text)): link.traceState = Self.text(text)
            case (4, .bytes(let message)): try reader.addAttribute(message, depth: 5, to: &link.attributes)
            default: break
            }
        }
        return link
    }

    private mutating func readStatus(_ bytes: UnsafeRawBufferPointer, of span: inout Span) throws(OTLPError) {
        try forEachField(of: bytes) { _, number, value throws(OTLPError) in
            switch (number, value) {
            case (2, .bytes(let text)): span.statusMessage = Self.text(text)
            case (3, .varint(let code)): span.status = Span.Status(number: code)
            default: break
            }
        }
    }

    private mutating func addAttribute(
        _ bytes: UnsafeRawBufferPointer, depth: Int, to attributes: inout [Attribute]
    ) throws(OTLPError) {
        try budget.checkAttributes(attributes.count + 1)
        attributes.append(try attribute(bytes, depth: depth))
    }

    private mutating func attribute(_ bytes: UnsafeRawBufferPointer, depth: Int) throws(OTLPError) -> Attribute {
        try budget.spend()
        var attribute = Attribute(key: "", value: .none)
        try forEachField(of: bytes) { reader, number, value throws(OTLPError) in
            switch (number, value) {
            case (1, .bytes(let text)): attribute.key = Self.text(text)
            case (2, .bytes(let message)): attribute.value = try reader.anyValue(message, depth: depth + 1)
            default: break
            }
        }
        return attribute
    }

    private mutating func anyValue(_ bytes: UnsafeRawBufferPointer, depth: Int) throws(OTLPError) -> AttributeValue {
        guard depth < Self.maximumDepth else { throw .requestTooLarge("values nested deeper than \(Self.maximumDepth) messages") }
        try budget.spend()
        var result = AttributeValue.none
        try forEachField(of: bytes) { reader, number, value throws(OTLPError) in
            switch (number, value) {
            case (1, .bytes(let text)): result = .string(Self.text(text))
            case (2, .varint(let flag)): result = .bool(flag != 0)
            case (3, .varint(let integer)): result = .integer(Int64(bitPattern: integer))
            case (4, .fixed64(let bits)): result = .number(Double(bitPattern: bits))
            case (5, .bytes(let message)):
                var values: [AttributeValue] = []
                try reader.forEachField(of: message) { reader, number, value throws(OTLPError) in
                    guard number == 1, case .bytes(let message) = value else { return }
                    values.append(try reader.anyValue(message, depth: depth + 2))
                }
                result = .array(values)
            case (6, .bytes(let message)):
                var members: [Attribute] = []
                try reader.forEachField(of: message) { reader, number, value throws(OTLPError) in
                    guard number == 1, case .bytes(let message) = value else { return }
                    members.append(try reader.attribute(message, depth: depth + 2))
                }
                result = .object(members)
            case (7, .bytes(let data)): result = .bytes(Array(data))
            default: break
            }
        }
        return result
    }

    // MARK: Fields

    /// Calls `body` with this decoder and each field of a message.
    private mutating func forEachField(
        of bytes: UnsafeRawBufferPointer, _ body: (inout Self, UInt64, ProtobufReader.Value) throws(OTLPError) -> Void
    ) throws(OTLPError) {
        var fields = ProtobufReader(bytes)
        while true {
            let field: (number: UInt64, value: ProtobufReader.Value)?
            do throws(ProtobufError) {
                field = try fields.next()
            } catch {
                throw .malformed(error.reason)
            }
            guard let field else { return }
            try body(&self, field.number, field.value)
        }
    }

    /// Copies an ID of 8 or 16 bytes. Of longer input, keeps just enough to detect that it is invalid.
    private static func id(_ bytes: UnsafeRawBufferPointer) -> [UInt8] { Array(bytes.prefix(17)) }

    /// Decodes UTF-8. Repairs invalid bytes, which protobuf would reject, because a wrong character is better than a lost span.
    private static func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }
}

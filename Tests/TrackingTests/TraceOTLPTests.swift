import Primitives
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

/// Writes the wire format that `ProtobufReader` reads.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func varint(_ field: UInt64, _ value: UInt64) {
        varint(field << 3)
        varint(value)
    }

    mutating func fixed64(_ field: UInt64, _ value: UInt64) {
        varint(field << 3 | 1)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func bytes(_ field: UInt64, _ value: some Collection<UInt8>) {
        varint(field << 3 | 2)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    static func message(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        body(&writer)
        return writer.bytes
    }

    static func value(_ value: AttributeValue) -> [UInt8] {
        message { writer in
            switch value {
            case .none: break
            case .string(let text): writer.bytes(1, text.utf8)
            case .bool(let flag): writer.varint(2, flag ? 1 : 0)
            case .integer(let integer): writer.varint(3, UInt64(bitPattern: integer))
            case .number(let number): writer.fixed64(4, number.bitPattern)
            case .array(let values): writer.bytes(5, message { list in for value in values { list.bytes(1, Self.value(value)) } })
            case .object(let members): writer.bytes(6, message { list in for member in members { list.bytes(1, attribute(member)) } })
            case .bytes(let data): writer.bytes(7, data)
            }
        }
    }

    static func attribute(_ attribute: Attribute) -> [UInt8] {
        message { writer in
            writer.bytes(1, attribute.key.utf8)
            writer.bytes(2, value(attribute.value))
        }
    }

    static func span(_ span: Span) -> [UInt8] {
        message { writer in
            writer.bytes(1, span.traceID)
            writer.bytes(2, span.spanID)
            writer.bytes(4, span.parentID)
            writer.bytes(5, span.name.utf8)
            writer.fixed64(7, span.startTime)
            writer.fixed64(8, span.endTime)
            for attribute in span.attributes { writer.bytes(9, Self.attribute(attribute)) }
            for event in span.events {
                writer.bytes(
                    11,
                    message { writer in
                        writer.fixed64(1, event.time)
                        writer.bytes(2, event.name.utf8)
                        for attribute in event.attributes { writer.bytes(3, Self.attribute(attribute)) }
                    })
            }
            for link in span.links {
                writer.bytes(
                    13,
                    message { writer in
                        writer.bytes(1, link.traceID)
                        writer.bytes(2, link.spanID)
                    })
            }
            writer.bytes(
                15,
                message { writer in
                    writer.bytes(2, span.statusMessage.utf8)
                    writer.varint(3, span.status == .ok ? 1 : span.status == .error ? 2 : 0)
                })
        }
    }

    static func request(_ groups: [ResourceSpans]) -> [UInt8] {
        message { writer in
            for group in groups {
                writer.bytes(
                    1,
                    message { writer in
                        writer.bytes(1, message { writer in for item in group.resource { writer.bytes(1, attribute(item)) } })
                        writer.bytes(2, message { writer in for span in group.spans { writer.bytes(2, Self.span(span)) } })
                    })
            }
        }
    }
}

private func randomValue(_ random: inout SplitMix64, depth: Int = 0) -> AttributeValue {
    switch Int.random(in: 0..<(depth > 3 ? 6 : 8), using: &random) {
    case 0: return .none
    case 1: return .string(["", "hello", "größe 🦜", "{\"a\": 1}"].randomElement(using: &random) ?? "")
    case 2: return .bool(.random(using: &random))
    case 3: return .integer([0, 1, -1, .max, .min].randomElement(using: &random) ?? 0)
    case 4: return .number([0.5, -1, 1e300].randomElement(using: &random) ?? 0)
    case 5: return .bytes((0..<Int.random(in: 0..<5, using: &random)).map { _ in .random(in: 0...255, using: &random) })
    case 6: return .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in randomValue(&random, depth: depth + 1) })
    default:
        return .object(
            (0..<Int.random(in: 0..<4, using: &random)).map { Attribute(key: "k\($0)", value: randomValue(&random, depth: depth + 1)) })
    }
}

private func randomBytes(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
    (0..<count).map { _ in .random(in: 0...255, using: &random) }
}

private func randomSpan(_ random: inout SplitMix64) -> Span {
    var span = Span()
    (span.traceID, span.spanID) = (randomBytes(16, &random), randomBytes(8, &random))
    if .random(using: &random) { span.parentID = randomBytes(8, &random) }
    (span.name, span.startTime, span.endTime) = ("span", .random(in: .min ... .max, using: &random), 5)
    span.attributes = (0..<Int.random(in: 0..<5, using: &random)).map { Attribute(key: "a\($0)", value: randomValue(&random)) }
    span.events = [Span.Event(time: 7, name: "event", attributes: [Attribute(key: "x", value: randomValue(&random))])]
    span.links = [Span.Link(traceID: randomBytes(16, &random), spanID: randomBytes(8, &random))]
    (span.status, span.statusMessage) = ([.unset, .ok, .error].randomElement(using: &random) ?? .ok, "why")
    return span
}

@Suite struct TraceOTLPTests {
    private static func group(_ random: inout SplitMix64) -> ResourceSpans {
        ResourceSpans(
            resource: [Attribute(key: "service.name", value: .string("shop"))],
            spans: (0..<Int.random(in: 0..<4, using: &random)).map { _ in randomSpan(&random) })
    }

    @Test func `Spans survive a protobuf round trip`() throws {
        var random = SplitMix64(seed: 1)
        for _ in 0..<300 {
            let groups = (0..<Int.random(in: 0..<3, using: &random)).map { _ in Self.group(&random) }
            #expect(try OTLPProtobufDecoder.spans(in: ProtobufWriter.request(groups)).groups == groups)
        }
    }

    @Test func `Truncated, corrupted and random bytes are decoded or rejected without a trap`() {
        var random = SplitMix64(seed: 2)
        for _ in 0..<100 {
            let whole = ProtobufWriter.request([Self.group(&random)])
            for _ in 0..<30 {
                var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
                for _ in 0..<Int.random(in: 0..<4, using: &random) where !bytes.isEmpty {
                    bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
                }
                guard let groups = try? OTLPProtobufDecoder.spans(in: bytes).groups else { continue }
                // Whatever decodes can also be converted to rows and JSON.
                if let upload = try? SpanUpload(groups, experiment: 0, run: nil) {
                    for span in upload.groups.flatMap(\.spans) {
                        #expect((try? JSONValue(parsing: span.content)) != nil)
                        _ = StoredSpan.flattened(Array(span.content.utf8))
                    }
                }
            }
        }
        for _ in 0..<3000 { _ = try? OTLPProtobufDecoder.spans(in: randomBytes(.random(in: 0..<60, using: &random), &random)) }
    }

    @Test func `Values nested too deeply are rejected`() {
        var value: [UInt8] = []
        // Each round wraps the value in a list in a value.
        for _ in 0..<20_000 {
            let list = ProtobufWriter.message { $0.bytes(1, value) }
            value = ProtobufWriter.message { $0.bytes(5, list) }
            if value.count > 100_000 { break }
        }
        let attribute = ProtobufWriter.message { writer in
            writer.bytes(1, "a".utf8)
            writer.bytes(2, value)
        }
        let span = ProtobufWriter.message { $0.bytes(9, attribute) }
        let scope = ProtobufWriter.message { $0.bytes(2, span) }
        let group = ProtobufWriter.message { $0.bytes(2, scope) }
        #expect(throws: OTLPError.self) { try OTLPProtobufDecoder.spans(in: ProtobufWriter.message { $0.bytes(1, group) }) }
    }

    @Test func `Numbers and lengths beyond the end are rejected`() {
        for bytes in [[0x80], [0x0A], [0x0A, 0x05, 1], [0x09, 1, 2, 3], [UInt8](repeating: 0xFF, count: 11), [0x0B], [0], [0x0F]]
            as [[UInt8]]
        {
            #expect(throws: OTLPError.self) { try OTLPProtobufDecoder.spans(in: bytes) }
        }
        #expect(throws: OTLPError.self) {
            try OTLPProtobufDecoder.spans(in: [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])
        }
    }

    @Test func `JSON decodes to the same spans, with hexadecimal IDs and numbers as strings, also in links`() throws {
        let text = #"""
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[
             {"traceId":"000102030405060708090a0b0c0d0e0f","spanId":"0001020304050607","name":"s","kind":3,
              "startTimeUnixNano":"1700000000000000001","endTimeUnixNano":1700000000000000002,"status":{"code":"STATUS_CODE_ERROR"},
              "attributes":[{"key":"n","value":{"intValue":"7"}},{"key":"d","value":{"doubleValue":7}},{"key":"e","value":{}},
               {"key":"l","value":{"arrayValue":{"values":[{"boolValue":true}]}}},
               {"key":"o","value":{"kvlistValue":{"values":[{"key":"x","value":{"stringValue":"y"}}]}}}],
              "links":[{"traceId":"ffffffffffffffffffffffffffffffff","spanId":"FFFFFFFFFFFFFFFF"}]}]}]}]}
            """#
        let group = try #require(try ReceivedSpans(JSONValue(parsing: text)).groups.first)
        let span = try #require(group.spans.first)
        #expect(group.resource == [Attribute(key: "service.name", value: .string("shop"))])
        #expect(span.traceID == Array(0..<16) && span.spanID == Array(0..<8) && span.isRoot)
        #expect(span.startTime == 1_700_000_000_000_000_001 && span.endTime == 1_700_000_000_000_000_002)
        #expect(span.status == .error && span.kind == .client)
        #expect(
            span.attributes.map(\.value) == [
                .integer(7), .number(7), .none, .array([.bool(true)]), .object([Attribute(key: "x", value: .string("y"))]),
            ])
        #expect(span.links == [Span.Link(traceID: .init(repeating: 255, count: 16), spanID: .init(repeating: 255, count: 8))])
        for bad in [
            #"{"resourceSpans":{}}"#, #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xy"}]}]}]}"#,
            #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"a","value":{"intValue":"x"}}]}]}]}]}"#,
        ] {
            #expect(throws: ServiceError.self) { try ReceivedSpans(JSONValue(parsing: bad)) }
        }
    }

    @Test func `Attributes of the conventions for generative AI are translated to MLflow's`() throws {
        var span = Span(traceID: Array(0..<16), spanID: Array(0..<8))
        span.attributes = [
            Attribute(key: "gen_ai.operation.name", value: .string("chat")),
            Attribute(key: "gen_ai.usage.input_tokens", value: .integer(3)),
            Attribute(key: "gen_ai.usage.output_tokens", value: .integer(4)),
            Attribute(key: "gen_ai.request.model", value: .string("swallow-1")),
            Attribute(key: "gen_ai.input.messages", value: .string(#"{"messages":[{"role":"user","content":"Why?"}]}"#)),
            Attribute(key: "gen_ai.conversation.id", value: .string("talk")),
            Attribute(key: "mlflow.traceTag.team", value: .string("red")),
        ]
        let group = ResourceSpans(
            resource: [
                Attribute(key: "service.name", value: .string("shop")), Attribute(key: "telemetry.sdk.name", value: .string("other")),
            ], spans: [span])
        let upload = try SpanUpload([group], experiment: 0, run: nil)
        let trace = try #require(upload.groups.first)
        #expect(trace.traceID == "tr-000102030405060708090a0b0c0d0e0f")
        #expect(trace.spans.first?.type == "CHAT_MODEL")
        #expect(trace.spans.first?.tokens?.text == #"{"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}"#)
        #expect(trace.requestPreview == "Why?" && trace.rootState == .ok)
        #expect(trace.tags == [KeyValue(key: "service.name", value: "shop"), KeyValue(key: "team", value: "red")])
        #expect(trace.metadata == [KeyValue(key: "mlflow.trace.session", value: "talk")])
    }

    @Test func `Usage reported twice on one path from the root is summed once`() {
        func usage(_ tokens: Int64) -> Usage? { Usage(.tokens, .object([Attribute(key: "total_tokens", value: .integer(tokens))])) }
        let nodes = [
            Usage.Node(id: "root", parent: "", usage: nil), Usage.Node(id: "agent", parent: "root", usage: usage(10)),
            Usage.Node(id: "tool", parent: "agent", usage: nil), Usage.Node(id: "call", parent: "tool", usage: usage(10)),
            Usage.Node(id: "other", parent: "root", usage: usage(5)), Usage.Node(id: "lost", parent: "missing", usage: usage(1)),
            // Two spans that are each other's parents.
            Usage.Node(id: "a", parent: "b", usage: usage(100)), Usage.Node(id: "b", parent: "a", usage: usage(100)),
        ]
        #expect(Usage.sum(.tokens, nodes)?.text == #"{"input_tokens": 0, "output_tokens": 0, "total_tokens": 16}"#)
        #expect(Usage.sum(.cost, nodes.map { Usage.Node(id: $0.id, parent: $0.parent, usage: nil) }) == nil)
    }

    @Test(arguments: [
        // Created by Python's gzip: a dynamic code, a fixed code, and stored data.
        (
            "1f8b08000000000002037551c90d8020106cc5d688317e881a20b119137f9660033464090610d8637c70ecc1ccce109c19a7e139af23ad9023bf1b"
                + "6bd73d676717ef78960ebf99a55f6a857697f765a72f29523d696f685334d44491b75e2bb98f8e05944bf2a01ad729b97097d48b70f394c40f59"
                + "43bcca3e09d0a413272a825220556bcf843a64a3fe0436c79f5a2045ff1886e4c6235004284e0ef2026dd05182da020000",
            "trace 🦜🦜trace swallow"
        ),
        ("1f8b08000000000002034b4c4a4e8421858cd49c9c7c0046ac14e812000000", "abcabcabcabc hello"),
        ("1f8b0800000000000403010500faff706c61696ecf62201905000000", "plain"),
    ])
    func `gzip data is decompressed up to a limit`(packed: (hex: String, begin: String)) throws {
        let bytes = try #require(Hex.decode(packed.hex))
        let text = String(decoding: try Inflate.gzip(bytes, limit: 1000), as: UTF8.self)
        #expect(text.hasPrefix(packed.begin))
        #expect(throws: InflateError.tooLarge) { try Inflate.gzip(bytes, limit: 4) }
        for count in 0..<bytes.count { #expect(throws: InflateError.self) { try Inflate.gzip(Array(bytes.prefix(count)), limit: 1000) } }
        var random = SplitMix64(seed: 3)
        for _ in 0..<200 {
            var bytes = bytes
            for _ in 0..<Int.random(in: 1..<6, using: &random) {
                bytes[Int.random(in: 10..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            _ = try? Inflate.gzip(bytes, limit: 5000)
        }
    }

    @Test func `zlib data is decompressed`() throws {
        let bytes = try #require(Hex.decode("789c4b4c4a4e8421858cd49c9c7c00405d06cd"))
        #expect(String(decoding: try Inflate.zlib(bytes, limit: 100), as: UTF8.self) == "abcabcabcabc hello")
    }
}

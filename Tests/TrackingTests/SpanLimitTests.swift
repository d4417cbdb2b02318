import HTTPServer
import HTTPTypes
import Primitives
import ServiceKit
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

@Suite struct SpanLimitTests {
    private static func span(_ id: UInt8, attributes: Int = 0, events: Int = 0, links: Int = 0) -> Span {
        var span = Span(traceID: .init(repeating: id, count: 16), spanID: .init(repeating: id, count: 8))
        span.name = "span"
        span.attributes = (0..<attributes).map { Attribute(key: "a\($0)", value: .integer(1)) }
        span.events = .init(repeating: Span.Event(), count: events)
        span.links = .init(repeating: Span.Link(), count: links)
        return span
    }

    private static func request(_ spans: [Span], resource: [Attribute] = []) -> [UInt8] {
        ProtobufWriter.request([ResourceSpans(resource: resource, spans: spans)])
    }

    /// A span whose attributes are all empty, with two bytes each.
    private static func emptyAttributes(_ count: Int) -> [UInt8] {
        let span = [UInt8](repeating: 0, count: 2 * count).enumerated().map { $0.offset.isMultiple(of: 2) ? UInt8(0x4A) : 0 }
        let scope = ProtobufWriter.message { $0.bytes(2, span) }
        let group = ProtobufWriter.message { $0.bytes(2, scope) }
        return ProtobufWriter.message { $0.bytes(1, group) }
    }

    private static let limits = SpanLimits(spans: 5, attributes: 3, events: 2, links: 2)

    @Test(arguments: [
        (span(2, attributes: 4), "more than 3 attributes in one span"), (span(2, events: 3), "more than 2 events in one span"),
        (span(2, links: 3), "more than 2 links in one span"),
    ])
    func `A span that exceeds a limit is rejected, and the others are kept`(span: Span, reason: String) throws {
        let received = try OTLPProtobufDecoder.spans(
            in: Self.request([Self.span(1, attributes: 3, events: 2, links: 2), span, Self.span(3), span]), limits: Self.limits)
        #expect(received.groups.flatMap(\.spans).map(\.spanID.first) == [1, 3])
        #expect(received.rejected == 2)
        #expect(received.reason == reason)
    }

    @Test func `The same limits apply to JSON`() throws {
        func spans(_ members: String) throws -> ReceivedSpans {
            let span = #"{"traceId":"\#(String(repeating: "01", count: 16))","spanId":"\#(String(repeating: "01", count: 8))"\#(members)}"#
            return try ReceivedSpans(
                JSONValue(parsing: #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(span),{"name":"other"}]}]}]}"#), limits: Self.limits)
        }
        #expect(try spans(#","attributes":[{},{},{}],"events":[{},{}],"links":[{},{}]"#).rejected == 0)
        for (members, reason) in [
            (#","attributes":[{},{},{},{}]"#, "more than 3 attributes in one span"),
            (#","events":[{},{},{}]"#, "more than 2 events in one span"),
            (#","links":[{},{},{}]"#, "more than 2 links in one span"),
            (#","events":[{"attributes":[{},{},{},{}]}]"#, "more than 3 attributes in one span"),
        ] {
            let received = try spans(members)
            #expect(received.reason == reason)
            #expect(received.groups.flatMap(\.spans).map(\.name) == ["other"])
        }
        let many = #"{"resourceSpans":[{"scopeSpans":[{"spans":[{},{},{},{},{},{}]}]}]}"#
        #expect(throws: OTLPError.requestTooLarge("more than 5 spans")) {
            try ReceivedSpans(JSONValue(parsing: many), limits: Self.limits)
        }
    }

    @Test func `A request with too many or too large spans is rejected as a whole`() {
        #expect(throws: OTLPError.requestTooLarge("more than 5 spans")) {
            try OTLPProtobufDecoder.spans(in: Self.request((1...6).map { Self.span($0) }), limits: Self.limits)
        }
        // A resource, a span and 3 attributes with values.
        let request = Self.request([Self.span(1, attributes: 3)])
        #expect(throws: Never.self) { try OTLPProtobufDecoder.spans(in: request, nodes: 8) }
        #expect(throws: OTLPError.requestTooLarge("more than 7 attributes and values")) {
            try OTLPProtobufDecoder.spans(in: request, nodes: 7)
        }
        let groups = [UInt8](repeating: 0, count: 2000).enumerated().map { $0.offset.isMultiple(of: 2) ? UInt8(0x0A) : 0 }
        #expect(throws: OTLPError.requestTooLarge("more than 100 attributes and values")) {
            try OTLPProtobufDecoder.spans(in: groups, nodes: 100)
        }
        let resource = (0..<4).map { Attribute(key: "r\($0)", value: .none) }
        #expect(throws: OTLPError.requestTooLarge("too many attributes in a resource")) {
            try OTLPProtobufDecoder.spans(in: Self.request([Self.span(1)], resource: resource), limits: Self.limits)
        }
    }

    @Test func `The rest of a span that exceeds a limit isn't decoded`() throws {
        let request = Self.emptyAttributes(2_000_000)
        var received = ReceivedSpans()
        let duration = try ContinuousClock().measure { received = try OTLPProtobufDecoder.spans(in: request) }
        #expect(received.rejected == 1)
        #expect(duration < .seconds(2))
    }

    @Test func `The tags that each trace gets from its resource are bounded`() throws {
        let group = ResourceSpans(
            resource: (0..<10).map { Attribute(key: "r\($0)", value: .string("x")) }, spans: (1...10).map { Self.span($0) })
        #expect(throws: Never.self) { try SpanUpload([group], experiment: 0, run: nil, nodes: 100) }
        #expect(throws: OTLPError.self) { try SpanUpload([group], experiment: 0, run: nil, nodes: 99) }
    }

    @Test func `The size of spans as JSON is bounded`() throws {
        var span = Self.span(1)
        // Each character takes six bytes.
        span.attributes = [Attribute(key: "a", value: .string(String(repeating: "\u{1}", count: 1000)))]
        #expect(throws: Never.self) { try SpanUpload([ResourceSpans(spans: [span])], experiment: 0, run: nil, bytes: 7000) }
        #expect(throws: OTLPError.self) { try SpanUpload([ResourceSpans(spans: [span])], experiment: 0, run: nil, bytes: 6000) }
    }

    @Test func `JSON in strings is decoded up to a common limit, and stays a string beyond it`() throws {
        var span = Self.span(1)
        span.attributes = [Attribute(key: "a", value: .string("[1,2]")), Attribute(key: "b", value: .string("[1,2,3]"))]
        let upload = try SpanUpload([ResourceSpans(spans: [span])], experiment: 0, run: nil, nodes: 6)
        let content = try #require(upload.groups.first?.spans.first?.content)
        #expect(content.contains(#""key":"a","value":{"array_value""#))
        #expect(content.contains(#""key":"b","value":{"string_value":"[1,2,3]"}"#))
    }

    @Test func `Many empty gzip members are rejected`() throws {
        let empty = try #require(Hex.decode("1f8b080000000000000303000000000000000000"))
        let repeated = [[UInt8]](repeating: empty, count: 900).flatMap(\.self)
        #expect(try Inflate.gzip(repeated, limit: 10) == [])
        #expect(throws: InflateError.damaged) { try Inflate.gzip(repeated + repeated, limit: 10) }
    }

    // MARK: Over HTTP

    private static func headers(_ type: String, encoding: String? = nil) throws -> HTTPFields {
        var headers: HTTPFields = [.contentType: type]
        headers[try #require(HTTPField.Name("x-mlflow-experiment-id"))] = "0"
        headers[.contentEncoding] = encoding
        return headers
    }

    @Test func `Rejected spans are counted in the response, in the encoding of the request`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture in
            let attributes = (0...4096).map { _ in "{}" }.joined(separator: ",")
            let id = String(repeating: "0a", count: 16)
            let json =
                #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"\#(id)","spanId":"0101010101010101"},"#
                + #"{"traceId":"\#(id)","spanId":"0202020202020202","attributes":[\#(attributes)]}]}]}]}"#
            let response = try await fixture.api.post("/v1/traces", bytes: Array(json.utf8), headers: try Self.headers("application/json"))
            #expect(response.status == 200)
            #expect(response.json["partialSuccess"]?["rejectedSpans"] == "1")
            #expect(
                response.json["partialSuccess"]?["errorMessage"]
                    == "1 span was rejected because it exceeds a limit: more than 4096 attributes in one span.")
            let trace = try await fixture.api.get("/api/3.0/mlflow/traces/get?trace_id=tr-\(id)")
            #expect(trace.values("trace.spans").count == 1)
            let protobuf = Self.request([Self.span(1), Self.span(2, attributes: 4097)])
            let other = try await fixture.api.post("/v1/traces", bytes: protobuf, headers: try Self.headers("application/x-protobuf"))
            #expect(other.status == 200)
            // partial_success { rejected_spans: 1, error_message: … }
            #expect(Array(other.text.utf8).starts(with: [0x0A, 90, 0x08, 1, 0x12, 86]))
            #expect(other.text.hasSuffix("more than 4096 attributes in one span."))
        }
    }

    @Test func `Memory for a request's rows and the JSON in its attributes is reserved`() throws {
        let text = "[" + String(repeating: "0,", count: 10_000) + "0]"
        var span = Span()
        span.traceID = [UInt8](repeating: 1, count: 16)
        span.spanID = [UInt8](repeating: 2, count: 8)
        span.attributes = [Attribute(key: "a", value: .string(text))]
        let resource = ResourceSpans(spans: [span])
        let budget = MemoryBudget(limit: 100 << 20)
        let memory = RequestMemory(of: budget)
        let upload = try SpanUpload([resource], experiment: 0, run: nil, memory: memory)
        // In the end, only the rows of the span and its trace are held.
        #expect(budget.used >= upload.size)
        #expect(budget.used < 2 * upload.size + 8192)
        // The budget suffices for the row, but not for decoding the string.
        let small = RequestMemory(of: MemoryBudget(limit: 2 * upload.size + 8192))
        #expect(throws: ServiceError.self) { try SpanUpload([resource], experiment: 0, run: nil, memory: small) }
    }

    @Test func `A request without valid spans, or one that is too large, is rejected with the exceeded limit`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture in
            let protobuf = try Self.headers("application/x-protobuf")
            let none = try await fixture.api.post("/v1/traces", bytes: Self.emptyAttributes(1_000_000), headers: protobuf)
            #expect(none.status == 400)
            #expect(none.json["detail"]?.stringValue?.contains("more than 4096 attributes in one span") == true)
            let groups = [UInt8](repeating: 0, count: 2_000_002).enumerated().map { $0.offset.isMultiple(of: 2) ? UInt8(0x0A) : 0 }
            let wide = try await fixture.api.post("/v1/traces", bytes: groups, headers: protobuf)
            #expect(wide.status == 400)
            #expect(wide.json["detail"] == "The request exceeds a limit: more than 1000000 attributes and values.")
            let json = Array("{\"resourceSpans\":[\(String(repeating: "{\"\":0},", count: 400_000))0]}".utf8)
            let large = try await fixture.api.post("/v1/traces", bytes: json, headers: try Self.headers("application/json"))
            #expect(large.status == 400)
            #expect(large.json["detail"] == "The request exceeds a limit: more than 1000000 values and member names.")
        }
    }
}

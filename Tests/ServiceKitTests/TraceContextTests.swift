import HTTPTypes
import Logging
import ServiceKit
import Testing

/// The headers of W3C Trace Context.
@Suite struct TraceContextTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let parent = "b7ad6b7169203331"
    private static let valid = "00-\(trace)-\(parent)-01"

    // MARK: traceparent

    @Test func `The parts of a header are parsed and encoded again`() throws {
        let context = try #require(TraceContext(traceparent: Self.valid))
        #expect(context.traceID == 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c)
        #expect(context.parentID == 0xb7ad_6b71_6920_3331)
        #expect(context.flags == .sampled)
        #expect(context.state == nil)
        #expect(context.traceparent == Self.valid)
        #expect(context.headers.map(\.name) == ["traceparent"])
    }

    @Test func `Leading zeros of IDs are kept`() throws {
        let header = "00-\(String(repeating: "0", count: 31))1-\(String(repeating: "0", count: 15))a-00"
        #expect(try #require(TraceContext(traceparent: header)).traceparent == header)
    }

    @Test(arguments: [
        ("00", "00"), ("01", "01"), ("02", "02"), ("03", "03"), ("04", "00"), ("09", "01"), ("fe", "02"), ("ff", "03"),
    ])
    func `Only defined flags are passed on`(sent: String, passed: String) throws {
        let context = try #require(TraceContext(traceparent: "00-\(Self.trace)-\(Self.parent)-\(sent)"))
        #expect(context.traceparent.hasSuffix("-\(passed)"))
    }

    @Test(arguments: [
        "", "00", "-", "---", "00-\(trace)-\(parent)", "00-\(trace)-\(parent)-", "00-\(trace)-\(parent)-0", "00-\(trace)-\(parent)-011",
        "00-\(trace)-\(parent)-01-", "00-\(trace)-\(parent)-01-what", "00-\(trace)-\(parent)-01.", "0-\(trace)-\(parent)-01",
        "000-\(trace)-\(parent)-01", "ff-\(trace)-\(parent)-01", "ff-\(trace)-\(parent)-01-x", "FF-\(trace)-\(parent)-01",
        "0x-\(trace)-\(parent)-01", "0A-\(trace)-\(parent)-01", "00_\(trace)-\(parent)-01", "00-\(trace)_\(parent)-01",
        "00-\(trace)-\(parent)_01", "00-\(trace.dropLast())-\(parent)-01", "00-\(trace)a-\(parent)-01",
        "00-\(trace)-\(parent.dropLast())-01",
        "00-\(trace)-\(parent)a-01", "00-\(trace.uppercased())-\(parent)-01", "00-\(trace)-\(parent.uppercased())-01",
        "00-\(trace)-\(parent)-0A", "00-\(trace.dropLast())g-\(parent)-01", "00-\(trace)-\(parent.dropLast())g-01",
        "00-\(trace)-\(parent)-0g", "00-\(trace.dropLast()).-\(parent)-01", "00-+\(trace.dropLast())-\(parent)-01",
        "00-\(String(repeating: "0", count: 32))-\(parent)-01", "00-\(trace)-\(String(repeating: "0", count: 16))-01",
        "00-\(trace.dropLast(2))ü-\(parent)-01", " 00-\(trace)-\(parent)-01", "00-\(trace)-\(parent)-01 ", "\(valid), \(valid)",
        "\(valid),",
    ])
    func `An invalid header is ignored`(header: String) {
        #expect(TraceContext(traceparent: header) == nil)
    }

    @Test(arguments: [
        "01-\(trace)-\(parent)-01", "cc-\(trace)-\(parent)-01-", "fe-\(trace)-\(parent)-01-what-the-future-brings",
        "01-\(trace)-\(parent)-ff", "01-\(trace)-\(parent)-01-\(String(repeating: "x", count: 100_000))",
    ])
    func `What is known of a higher version is passed on in version 00`(header: String) throws {
        #expect(try #require(TraceContext(traceparent: header)).traceparent == Self.valid)
    }

    @Test(arguments: [
        "01-\(trace)-\(parent)", "01-\(trace)-\(parent)-0", "01-\(trace)-\(parent)-01x", "01-\(trace)-\(parent)-011",
        "01-\(trace)-\(parent)-01.x", "01-\(trace)-\(parent)-0g-x", "01-\(String(repeating: "0", count: 32))-\(parent)-01",
        "01-\(trace)-\(String(repeating: "0", count: 16))-01", "01-\(trace.uppercased())-\(parent)-01", "01-\(valid), \(valid)",
    ])
    func `A header of a higher version is ignored if its known parts are invalid`(header: String) {
        #expect(TraceContext(traceparent: header) == nil)
    }

    // MARK: tracestate

    private func state(_ text: String) -> String? { TraceContext(traceparent: Self.valid, tracestate: text)?.state }

    @Test(arguments: [
        "a=1", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "a=1 , \tb=2", ",a=1,,b=2,", "tenant@system=x",
        "0a/_-*@z=!\"#$%&'()*+-./:;<>?@[]^_`{|}~",
        "a= x y", "\(String(repeating: "k", count: 256))=\(String(repeating: "v", count: 256))",
        (0..<32).map { "k\($0)=\($0)" }.joined(separator: ","),
    ])
    func `A valid state is passed on unchanged`(text: String) throws {
        #expect(state(text) == text)
        let context = try #require(TraceContext(traceparent: Self.valid, tracestate: text))
        #expect(context.headers.map(\.name) == ["traceparent", "tracestate"])
        #expect(context.headers.map(\.value) == [Self.valid, text])
    }

    @Test(arguments: [
        "", " ", ",", "a", "a=", "a= ", "=1", "A=1", "a =1", "@a=1", "-a=1", "ä=1", "a=ä", "a=1=2", "a=1\u{1}", "a=1\nb=2", "a=1;b=2=",
        "a=1,b",
        "\(String(repeating: "k", count: 257))=v", "k=\(String(repeating: "v", count: 257))",
        (0..<33).map { "k\($0)=\($0)" }.joined(separator: ","),
    ])
    func `An invalid or empty state is discarded as a whole, and the trace goes on`(text: String) throws {
        let context = try #require(TraceContext(traceparent: Self.valid, tracestate: text))
        #expect(context.state == nil)
        #expect(context.traceparent == Self.valid)
    }

    // MARK: Requests

    private func context(_ fields: (HTTPField.Name?, String)...) throws -> TraceContext? {
        var headers = HTTPFields()
        for (name, value) in fields { headers.append(HTTPField(name: try #require(name), value: value)) }
        return TraceContext(headers)
    }

    @Test func `Header names are case-insensitive, and the fields of a state are joined`() throws {
        let (parent, state) = (HTTPField.Name("TraceParent"), HTTPField.Name("TRACESTATE"))
        #expect(try context((parent, Self.valid), (state, "a=1"), (state, "b=2"))?.state == "a=1, b=2")
        #expect(try context((parent, Self.valid))?.state == nil)
    }

    @Test func `Without exactly one traceparent there is no context`() throws {
        #expect(try context() == nil)
        #expect(try context((HTTPField.Name("tracestate"), "a=1")) == nil)
        #expect(try context((HTTPField.Name("traceparent"), Self.valid), (HTTPField.Name("traceparent"), Self.valid)) == nil)
    }

    @Test func `A log line names the request, and the trace if there is one`() throws {
        #expect(Logger.Metadata.request("r", nil) == ["request_id": "r"])
        let context = try #require(TraceContext(traceparent: Self.valid))
        #expect(Logger.Metadata.request("r", context, ["a": "b"]) == ["request_id": "r", "trace_id": "\(Self.trace)", "a": "b"])
    }
}

import JSON
import WireProtocol

@testable import Tracking

extension FuzzTarget {
    static let spans = [
        FuzzTarget(name: "otlp-protobuf") { bytes in
            let limits = SpanLimits(spans: 100, attributes: 50, events: 20, links: 20)
            guard let received = try? OTLPProtobufDecoder.spans(in: bytes, limits: limits, nodes: 5_000) else { return }
            check(received, limits)
        },
        FuzzTarget(name: "otlp-json") { bytes in
            let limits = SpanLimits(spans: 100, attributes: 50, events: 20, links: 20)
            guard let body = try? JSONValue(parsing: bytes, limits: JSONLimits(maximumNodes: 20_000)),
                let received = try? ReceivedSpans(body, limits: limits)
            else { return }
            check(received, limits)
        },
        FuzzTarget(name: "attribute-text") { bytes in
            // Strings into which exporters have serialized nested values.
            let value = AttributeValue.string(String(decoding: bytes, as: UTF8.self))
            _ = value.decoded
            _ = TracePreview.preview(of: value, role: "user")
            _ = Usage(.tokens, value)
            _ = Usage(.cost, value)
        },
    ]

    /// Checks that decoded spans can be converted to rows and JSON.
    private static func check(_ received: ReceivedSpans, _ limits: SpanLimits) {
        let spans = received.groups.flatMap(\.spans)
        require(spans.count + received.rejected <= limits.spans, "the limit on spans is enforced")
        require(spans.allSatisfy { $0.attributes.count <= limits.attributes }, "the limit on attributes is enforced")
        guard let upload = try? SpanUpload(received.groups, experiment: 0, run: "run", nodes: 10_000) else { return }
        for span in upload.groups.flatMap(\.spans) {
            let content = Array(span.content.utf8)
            require((try? JSONValue(parsing: content, limits: .trusted)) != nil, "a stored span is JSON")
            _ = StoredSpan.flattened(content)
        }
    }
}

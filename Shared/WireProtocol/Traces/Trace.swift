/// A trace with its spans.
package struct Trace: ProtobufMessage, JSONWritable {
    package var info: TraceInfoV3
    /// The spans, each as the JSON of a `Span`: the tracking service returns them as they are stored.
    package var spans: [[UInt8]]

    package init(info: TraceInfoV3, spans: [[UInt8]]) {
        self.info = info
        self.spans = spans
    }

    package init(_ fields: MessageFields) throws {
        info = try fields.message("trace_info") ?? TraceInfoV3(MessageFields(JSONObject()))
        let value = try fields.value("spans") ?? .array([])
        guard case .array(let spans) = value else { throw MessageFields.wrongType("spans", value) }
        self.spans = spans.map { $0.jsonBytes() }
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("trace_info", info)
            guard !spans.isEmpty else { return }
            json.name("spans")
            json.array { json in for span in spans { json.raw(span) } }
        }
    }
}

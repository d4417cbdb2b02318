internal import Primitives

/// Encodes a span in protobuf's JSON form with names in snake_case and IDs in base64, as MLflow's clients expect it from
/// `traces/get`. The database stores this form, and responses return it unchanged.
extension Span: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("trace_id", Base64.encode(traceID))
            json.field("span_id", Base64.encode(spanID))
            json.field("trace_state", traceState.isEmpty ? nil : traceState)
            json.field("parent_span_id", parentID.isEmpty ? nil : Base64.encode(parentID))
            json.field("flags", flags == 0 ? nil : Int64(flags))
            json.field("name", name)
            json.field("kind", kind.wireName)
            json.field("start_time_unix_nano", Int64(clamping: startTime))
            json.field("end_time_unix_nano", endTime == 0 ? nil : Int64(clamping: endTime))
            json.field("attributes", attributes)
            json.field("events", events)
            json.field("links", links)
            json.name("status")
            json.object { json in
                json.field("message", statusMessage.isEmpty ? nil : statusMessage)
                json.field("code", status.wireName)
            }
        }
    }
}

extension Span.Event: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("time_unix_nano", Int64(clamping: time))
            json.field("name", name)
            json.field("attributes", attributes)
        }
    }
}

extension Span.Link: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("trace_id", Base64.encode(traceID))
            json.field("span_id", Base64.encode(spanID))
            json.field("trace_state", traceState.isEmpty ? nil : traceState)
            json.field("attributes", attributes)
        }
    }
}

extension Span: JSONReadable {
    package init(json: JSONValue) throws(MessageError) {
        guard json.objectValue != nil else { throw MessageError(Self.self, "It must be a JSON object.") }
        let decoder = SpanDecoder(ids: .base64, budget: SpanBudget(.unlimited, nodes: .max))
        do {
            self = try decoder.span(json)
        } catch {
            throw MessageError(Self.self, "\(error)")
        }
    }
}

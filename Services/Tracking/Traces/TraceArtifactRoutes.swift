internal import ArtifactStore
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import NIOCore
internal import ServiceKit
internal import WireProtocol

/// `get-trace-artifact`, from which MLflow's UI reads the spans of a trace or a file attached to it.
struct TraceArtifactRoutes: Sendable {
    let store: TraceStore
    let artifacts: ArtifactStoreResolver

    func register(on routes: APIRoutes) {
        for version in ["2.0", "3.0"] {
            // Like MLflow, serves browsers only.
            routes.at(.get, "/ajax-api/\(version)/mlflow/get-trace-artifact", requires: .read(.experiment)) { request, context in
                let fields = try await MessageFields.read(from: request, context: context)
                guard let id = try fields.nonEmptyString("request_id") else {
                    throw ServiceError(.badRequest, "Request must include the \"request_id\" query parameter.")
                }
                guard let trace = try await store.traces([id]).first else {
                    throw ServiceError.doesNotExist("Trace with ID \(id) is not found.")
                }
                if let path = try fields.nonEmptyString("path") { return try await file("attachments/\(path)", of: trace, request) }
                guard trace.hasStoredSpans else { return try await file("traces.json", of: trace, request) }
                return try await offEventLoop {
                    try reserveMemory(toFlatten: trace.spans)
                    var json = JSONWriter()
                    json.object { json in
                        json.name("spans")
                        json.array { json in for span in trace.spans { json.raw(StoredSpan.flattened(span)) } }
                    }
                    return Response(
                        status: .ok,
                        headers: [.contentType: "text/plain", .contentDisposition: ContentDisposition.attachment("traces.json")],
                        body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
                }
            }
        }
    }

    /// Reserves what one span takes besides its stored text and the response: its parsed values, and its text in the other form.
    private func reserveMemory(toFlatten spans: [[UInt8]]) throws {
        guard let largest = spans.map(\.count).max() else { return }
        try RequestMemory.reserveForCurrentRequest(2 * largest)
    }

    private func file(_ path: String, of trace: Trace, _ request: Request) async throws -> Response {
        guard let uri = trace.info.tags.last(where: { $0.key == TraceKey.artifactLocation })?.value else {
            throw ServiceError.doesNotExist("Trace with ID \(trace.info.traceID) has no artifacts.")
        }
        let location = try artifacts.resolve(uri)
        return try await .artifact(location.store, try location.path.appending(try ArtifactPath(file: path)), request)
    }
}

/// Converts a stored span to the form of MLflow's file `traces.json`, whose attributes are one object with values as JSON strings.
enum StoredSpan {
    static func flattened(_ content: [UInt8]) -> [UInt8] {
        guard case .object(var span)? = try? JSONValue(parsing: content, limits: .trusted) else { return content }
        span["attributes"] = .object(
            JSONObject(
                attributes(span["attributes"]).map { .init(name: $0.key, value: .string($0.value.json.pythonUnicodeJSONString)) }))
        if let events = span["events"]?.arrayValue {
            span["events"] = .array(events.map { Self.flattened($0) })
        }
        if let links = span["links"]?.arrayValue {
            span["links"] = .array(links.map { Self.flattened($0) })
        }
        let status = span["status"]?.objectValue ?? JSONObject()
        span["status"] = [
            "code": .string(status["code"]?.stringValue ?? "STATUS_CODE_UNSET"),
            "message": .string(status["message"]?.stringValue ?? ""),
        ]
        return JSONValue.object(span).jsonBytes()
    }

    /// Converts an event or a link, whose attributes are plain values.
    private static func flattened(_ part: JSONValue) -> JSONValue {
        guard case .object(var object) = part else { return part }
        let values = attributes(object["attributes"]).map { JSONObject.Member(name: $0.key, value: $0.value.json) }
        object["attributes"] = .object(JSONObject(values))
        return .object(object)
    }

    /// Decodes attributes written by `AttributeValue`.
    static func attributes(_ value: JSONValue?) -> [Attribute] {
        (value?.arrayValue ?? []).map { item in
            Attribute(key: item["key"]?.stringValue ?? "", value: AttributeValue(stored: item["value"] ?? .null))
        }
    }
}

extension AttributeValue {
    /// Decodes a value from its stored form.
    fileprivate init(stored value: JSONValue) {
        guard let member = value.objectValue?.members.first else {
            self = .none
            return
        }
        switch (member.name, member.value) {
        case ("array_value", let list): self = .array((list["values"]?.arrayValue ?? []).map { AttributeValue(stored: $0) })
        case ("kvlist_value", let list): self = .object(StoredSpan.attributes(list["values"]))
        default: self = AttributeValue(member.value)
        }
    }
}

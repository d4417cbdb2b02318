internal import WireProtocol

/// A judgment of a trace or of one of its spans, made by a person or a program (mlflow/protos/assessments.proto).
struct Assessment: Sendable, Equatable {
    enum Kind: String, Sendable {
        case feedback, expectation, issue
    }

    var id = ""
    var traceID = ""
    var spanID: String?
    var name: String
    var kind: Kind
    /// The value of the feedback or expectation. An issue has its name here, as `{"issue_name": …}`.
    var value: JSONValue
    /// Why the feedback could not be computed: `error_code`, `error_message`, `stack_trace`.
    var error: JSONValue?
    var sourceType = ""
    var sourceID = ""
    var runID: String?
    /// Milliseconds since 1970; 0 if the client sent none.
    var creationTime: Int64 = 0
    var lastUpdateTime: Int64 = 0
    var rationale: String?
    /// The assessment that this one replaces.
    var overrides: String?
    /// False once another assessment overrides this one.
    var isValid = true
    var metadata: [KeyValue] = []

    /// The value as a finite number, for comparison with `<` and `>`; `nil` if it isn't one.
    var number: Double? { kind == .issue ? nil : value.doubleValue.flatMap { $0.isFinite ? $0 : nil } }

    /// The session that the assessment applies to; `nil` if it applies to this trace only.
    var session: String? { metadata.last { $0.key == TraceKey.session }?.value }
}

extension Assessment: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("assessment_id", id)
            json.field("assessment_name", name)
            json.field("trace_id", traceID)
            json.field("span_id", spanID)
            json.name("source")
            json.object { json in
                json.field("source_type", sourceType.isEmpty ? nil : sourceType)
                json.field("source_id", sourceID.isEmpty ? nil : sourceID)
            }
            json.field("create_time", ProtobufTime.text(creationTime))
            json.field("last_update_time", ProtobufTime.text(lastUpdateTime))
            switch kind {
            case .feedback:
                json.name("feedback")
                json.object { json in
                    json.field("value", value)
                    json.field("error", error)
                }
            case .expectation:
                json.name("expectation")
                json.object { Self.writeExpectation(value, to: &$0) }
            case .issue: json.field("issue", value)
            }
            json.field("rationale", rationale)
            json.field("overrides", overrides)
            if !metadata.isEmpty {
                json.name("metadata")
                json.object { json in
                    for pair in metadata {
                        json.name(pair.key)
                        json.string(pair.value)
                    }
                }
            }
            json.field("valid", isValid)
        }
    }

    /// Writes an expectation's value. An object, or an array that contains objects or arrays, is serialized to a string.
    private static func writeExpectation(_ value: JSONValue, to json: inout JSONWriter) {
        let isPlain =
            switch value {
            case .object: false
            case .array(let items): items.allSatisfy { $0.objectValue == nil && $0.arrayValue == nil }
            default: true
            }
        guard !isPlain else { return json.field("value", value) }
        json.name("serialized_value")
        json.object { json in
            json.field("serialization_format", "JSON_FORMAT")
            json.field("value", value.pythonJSONString)
        }
    }
}

/// Decodes an assessment from a request.
extension Assessment: ProtobufMessage {
    init(_ fields: RequestFields) throws {
        name = try fields.string("assessment_name") ?? ""
        try Validation.checkLength(name, of: "assessment_name", limit: Validation.Limit.key)
        if let content: Feedback = try fields.message("feedback") {
            (kind, value, error) = (.feedback, content.value, content.error)
        } else if let content: Expectation = try fields.message("expectation") {
            (kind, value) = (.expectation, content.value)
        } else if let content: Issue = try fields.message("issue") {
            (kind, value) = (.issue, ["issue_name": .string(content.name)])
        } else {
            throw ServiceError.invalidParameter("Unknown assessment type: None")
        }
        try readRest(fields)
    }

    private mutating func readRest(_ fields: RequestFields) throws {
        id = try fields.string("assessment_id") ?? ""
        traceID = try fields.string("trace_id") ?? ""
        spanID = try fields.nonEmptyString("span_id")
        if let source: Source = try fields.message("source") { (sourceType, sourceID) = (source.type, source.id) }
        creationTime = try Self.time("create_time", fields)
        lastUpdateTime = try Self.time("last_update_time", fields)
        rationale = try fields.string("rationale")
        overrides = try fields.nonEmptyString("overrides")
        metadata = try Self.pairs(fields)
        runID = metadata.last { $0.key == "mlflow.assessment.sourceRunId" }?.value
    }

    private static func time(_ name: String, _ fields: RequestFields) throws -> Int64 {
        guard let text = try fields.string(name) else { return 0 }
        guard let time = ProtobufTime.milliseconds(text) else { throw RequestFields.wrongType(name, .string(text)) }
        return time
    }

    static func pairs(_ fields: RequestFields) throws -> [KeyValue] {
        guard let value = try fields.value("metadata") else { return [] }
        guard case .object(let object) = value else { throw RequestFields.wrongType("metadata", value) }
        return object.members.map { KeyValue(key: $0.name, value: $0.value.stringValue ?? $0.value.jsonString) }
    }

    struct Source: ProtobufMessage {
        var type: String
        var id: String

        init(_ fields: RequestFields) throws {
            type = try fields.value("source_type").map { $0.stringValue ?? $0.jsonString } ?? ""
            id = try fields.string("source_id") ?? ""
        }
    }

    struct Feedback: ProtobufMessage {
        var value: JSONValue
        var error: JSONValue?

        init(_ fields: RequestFields) throws {
            value = (try fields.value("value") ?? .null).withDoubles
            error = try fields.value("error")
            guard error.map({ $0.objectValue != nil }) ?? true else { throw RequestFields.wrongType("error", error ?? .null) }
        }
    }

    struct Expectation: ProtobufMessage {
        var value: JSONValue

        init(_ fields: RequestFields) throws {
            if let serialized: Serialized = try fields.message("serialized_value") {
                value = serialized.value
            } else {
                value = (try fields.value("value") ?? .null).withDoubles
            }
        }

        struct Serialized: ProtobufMessage {
            var value: JSONValue

            init(_ fields: RequestFields) throws {
                let text = try fields.requiredString("value")
                guard let value = try fields.json(in: "value") else { throw RequestFields.wrongType("value", .string(text)) }
                self.value = value
            }
        }
    }

    struct Issue: ProtobufMessage {
        var name: String

        init(_ fields: RequestFields) throws { name = try fields.string("issue_name") ?? "" }
    }
}

extension JSONValue {
    /// The value as a `google.protobuf.Value`, in which every number is a double.
    var withDoubles: JSONValue {
        switch self {
        case .integer(let integer): .number(Double(integer))
        case .array(let values): .array(values.map(\.withDoubles))
        case .object(let object): .object(JSONObject(object.members.map { .init(name: $0.name, value: $0.value.withDoubles) }))
        default: self
        }
    }
}

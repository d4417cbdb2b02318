package import Primitives

/// A judgment of a trace or of one of its spans, made by a person or a program (mlflow/protos/assessments.proto).
package struct Assessment: Sendable, Equatable {
    /// What the assessment contains.
    package enum Kind: String, Sendable {
        case feedback, expectation, issue
    }

    package var id = ""
    package var traceID = ""
    package var spanID: String?
    package var name: String
    package var kind: Kind
    /// The value of the feedback or expectation. An issue has its name here, as `{"issue_name": …}`.
    package var value: JSONValue
    /// Why the feedback could not be computed: `error_code`, `error_message`, `stack_trace`.
    package var error: JSONValue?
    package var sourceType = ""
    package var sourceID = ""
    package var runID: String?
    /// 0 if the client sent none.
    package var creationTime = UnixMilliseconds(0)
    package var lastUpdateTime = UnixMilliseconds(0)
    package var rationale: String?
    /// The assessment that this one replaces.
    package var overrides: String?
    /// False once another assessment overrides this one.
    package var isValid = true
    package var metadata: [KeyValue] = []

    package init(name: String, kind: Kind, value: JSONValue) {
        self.name = name
        self.kind = kind
        self.value = value
    }
}

extension Assessment: JSONWritable {
    package func write(to json: inout JSONWriter) {
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
            json.map("metadata", metadata)
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

extension Assessment: ProtobufMessage {
    package init(_ fields: MessageFields) throws {
        name = try fields.string("assessment_name") ?? ""
        try Validation.checkLength(name, of: "assessment_name", limit: Validation.Limit.key)
        if let feedback = try fields.object("feedback") {
            (kind, value) = (.feedback, (try feedback.value("value") ?? .null).withDoubles)
            error = try feedback.value("error")
            guard error.map({ $0.objectValue != nil }) ?? true else { throw MessageFields.wrongType("error", error ?? .null) }
        } else if let expectation = try fields.object("expectation") {
            (kind, value) = (.expectation, try Self.expectation(expectation))
        } else if let issue = try fields.object("issue") {
            (kind, value) = (.issue, ["issue_name": .string(try issue.string("issue_name") ?? "")])
        } else {
            throw ServiceError.invalidParameter("Unknown assessment type: None")
        }
        try readRest(fields)
    }

    private mutating func readRest(_ fields: MessageFields) throws {
        id = try fields.string("assessment_id") ?? ""
        traceID = try fields.string("trace_id") ?? ""
        spanID = try fields.nonEmptyString("span_id")
        if let source = try fields.object("source") {
            sourceType = try source.value("source_type").map { $0.stringValue ?? $0.jsonString } ?? ""
            sourceID = try source.string("source_id") ?? ""
        }
        creationTime = try Self.time("create_time", fields)
        lastUpdateTime = try Self.time("last_update_time", fields)
        rationale = try fields.string("rationale")
        overrides = try fields.nonEmptyString("overrides")
        metadata = try Self.metadata(fields)
        runID = metadata.last { $0.key == "mlflow.assessment.sourceRunId" }?.value
        isValid = try fields.bool("valid") ?? true
    }

    private static func time(_ name: String, _ fields: MessageFields) throws -> UnixMilliseconds {
        guard let text = try fields.string(name) else { return UnixMilliseconds(0) }
        guard let time = ProtobufTime.time(text) else { throw MessageFields.wrongType(name, .string(text)) }
        return time
    }

    private static func expectation(_ fields: MessageFields) throws -> JSONValue {
        guard let serialized = try fields.object("serialized_value") else { return (try fields.value("value") ?? .null).withDoubles }
        let text = try serialized.requiredString("value")
        guard let value = try serialized.json(in: "value") else { throw MessageFields.wrongType("value", .string(text)) }
        return value
    }

    /// The field `metadata`. Unlike in other maps, values that aren't strings are kept as JSON.
    package static func metadata(_ fields: MessageFields) throws -> [KeyValue] {
        guard let value = try fields.value("metadata") else { return [] }
        guard case .object(let object) = value else { throw MessageFields.wrongType("metadata", value) }
        return object.members.map { KeyValue(key: $0.name, value: $0.value.stringValue ?? $0.value.jsonString) }
    }
}

extension JSONValue {
    /// The value as a `google.protobuf.Value`, in which every number is a double.
    fileprivate var withDoubles: JSONValue {
        switch self {
        case .integer(let integer): .number(Double(integer))
        case .array(let values): .array(values.map(\.withDoubles))
        case .object(let object): .object(JSONObject(object.members.map { .init(name: $0.name, value: $0.value.withDoubles) }))
        default: self
        }
    }
}

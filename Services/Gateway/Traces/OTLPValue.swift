internal import JSON

/// A JSON value as an attribute's value in OTLP's JSON form: https://opentelemetry.io/docs/specs/otlp (AnyValue).
struct OTLPValue: JSONWritable {
    var value: JSONValue

    func write(to json: inout JSONWriter) {
        json.object { json in
            switch value {
            // An empty value is null.
            case .null: break
            case .bool(let value): json.field("boolValue", value)
            // 64-bit integers are texts in protobuf's JSON.
            case .integer(let value): json.field("intValue", String(value))
            case .number(let value): json.field("doubleValue", value)
            case .string(let value): json.field("stringValue", value)
            case .array(let values):
                json.name("arrayValue")
                json.object { json in
                    json.name("values")
                    json.array { json in for value in values { OTLPValue(value: value).write(to: &json) } }
                }
            case .object(let object):
                json.name("kvlistValue")
                json.object { json in
                    json.name("values")
                    json.array { json in
                        for member in object.members { OTLPAttribute(key: member.name, value: member.value).write(to: &json) }
                    }
                }
            }
        }
    }
}

/// An attribute: a name and a value.
struct OTLPAttribute: JSONWritable {
    var key: String
    var value: JSONValue

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("key", key)
            json.field("value", OTLPValue(value: value))
        }
    }
}

/// A span: https://opentelemetry.io/docs/specs/otlp (Span).
struct OTLPSpan: JSONWritable {
    /// 32 and 16 hexadecimal digits.
    var traceID: String
    var spanID: String
    var parentID: String?
    var name: String
    /// Nanoseconds since 1970.
    var start: Int64
    var end: Int64
    var attributes: [OTLPAttribute]
    /// What went wrong.
    var error: String?

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("traceId", traceID)
            json.field("spanId", spanID)
            json.field("parentSpanId", parentID)
            json.field("name", name)
            // SPAN_KIND_CLIENT for what asks a provider, SPAN_KIND_SERVER for what is asked.
            json.field("kind", Int64(parentID == nil ? 2 : 3))
            json.field("startTimeUnixNano", String(start))
            json.field("endTimeUnixNano", String(end))
            json.field("attributes", attributes)
            json.name("status")
            json.object { json in
                json.field("code", Int64(error == nil ? 1 : 2))
                json.field("message", error)
            }
        }
    }
}

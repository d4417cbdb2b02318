internal import JSON
internal import Primitives

/// A JSON value in the JSON encoding of OTLP's attribute values: https://opentelemetry.io/docs/specs/otlp (AnyValue).
struct OTLPValue: JSONWritable {
    var value: JSONValue

    func write(to json: inout JSONWriter) {
        json.object { json in
            switch value {
            // An empty value is null.
            case .null: break
            case .bool(let value): json.field("boolValue", value)
            // 64-bit integers are strings in protobuf's JSON encoding.
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

/// An attribute with its name and value.
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

/// An OTLP span: https://opentelemetry.io/docs/specs/otlp (Span).
struct OTLPSpan: JSONWritable {
    /// 32 hexadecimal digits.
    var traceID: String
    /// 16 hexadecimal digits.
    var spanID: String
    var parentID: String?
    var kind: Kind
    var name: String
    var start: UnixNanoseconds
    var end: UnixNanoseconds
    var attributes: [OTLPAttribute]
    /// The error's message; `nil` if the operation succeeded.
    var error: String?

    /// OTLP's numbers of span kinds.
    enum Kind: Int64 {
        /// A client's request.
        case server = 2
        /// A call to a provider.
        case client = 3
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("traceId", traceID)
            json.field("spanId", spanID)
            json.field("parentSpanId", parentID)
            json.field("name", name)
            json.field("kind", kind.rawValue)
            json.field("startTimeUnixNano", start.description)
            json.field("endTimeUnixNano", end.description)
            json.field("attributes", attributes)
            json.name("status")
            json.object { json in
                json.field("code", Int64(error == nil ? 1 : 2))
                json.field("message", error)
            }
        }
    }
}

internal import Primitives

/// A key and value of a span, an event, a link or a resource.
package struct Attribute: Sendable, Equatable {
    package var key: String
    package var value: AttributeValue

    package init(key: String, value: AttributeValue) {
        self.key = key
        self.value = value
    }
}

/// A value of OpenTelemetry's `AnyValue` (opentelemetry/proto/common/v1/common.proto). Unlike in JSON, integers and doubles are
/// distinct, and the value may be missing.
package indirect enum AttributeValue: Sendable, Equatable {
    case none
    case string(String)
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case array([AttributeValue])
    case object([Attribute])
    case bytes([UInt8])
}

/// Encodes the value in protobuf's JSON form of `AnyValue`, with names in snake_case.
extension AttributeValue: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .none: break
            case .string(let text): json.field("string_value", text)
            case .bool(let flag): json.field("bool_value", flag)
            case .integer(let integer): json.field("int_value", integer)
            case .number(let number): json.field("double_value", number)
            case .array(let values):
                json.name("array_value")
                json.object { $0.field("values", values) }
            case .object(let members):
                json.name("kvlist_value")
                json.object { $0.field("values", members) }
            case .bytes(let bytes): json.field("bytes_value", Base64.encode(bytes))
            }
        }
    }
}

extension Attribute: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("key", key)
            json.field("value", value)
        }
    }
}

extension AttributeValue {
    /// Converts a JSON value; objects keep the order of their members.
    package init(_ value: JSONValue) {
        switch value {
        case .null: self = .none
        case .bool(let flag): self = .bool(flag)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let values): self = .array(values.map(AttributeValue.init))
        case .object(let object): self = .object(object.members.map { Attribute(key: $0.name, value: AttributeValue($0.value)) })
        }
    }

    /// The equivalent JSON value.
    package var json: JSONValue {
        switch self {
        case .none: .null
        case .string(let text): .string(text)
        case .bool(let flag): .bool(flag)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .array(let values): .array(values.map(\.json))
        case .object(let members): .object(JSONObject(members.map { .init(name: $0.key, value: $0.value.json) }))
        case .bytes(let bytes): .string(Base64.encode(bytes))
        }
    }

    /// The string; `nil` for other types.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}

extension [Attribute] {
    /// The value of the last attribute with this key.
    package subscript(key: String) -> AttributeValue? { last { $0.key == key }?.value }
}

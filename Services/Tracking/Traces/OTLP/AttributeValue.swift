internal import WireProtocol

/// A named value of a span, an event, a link or a resource.
struct Attribute: Sendable, Equatable {
    var key: String
    var value: AttributeValue
}

/// A value as OpenTelemetry's `AnyValue` has it (opentelemetry/proto/common/v1/common.proto): whole numbers differ from those with
/// a fraction, and there may be none at all.
indirect enum AttributeValue: Sendable, Equatable {
    case none
    case string(String)
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case array([AttributeValue])
    case object([Attribute])
    case bytes([UInt8])
}

/// protobuf's JSON form of `AnyValue`, with names in snake_case.
extension AttributeValue: JSONWritable {
    func write(to json: inout JSONWriter) {
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
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("key", key)
            json.field("value", value)
        }
    }
}

extension AttributeValue {
    /// A JSON value; its objects keep their order.
    init(_ value: JSONValue) {
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

    /// The value as JSON means it.
    var json: JSONValue {
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

    /// The text, if it is one.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// How deep values in a text may be nested. A level becomes up to four in the JSON that is stored.
    private static let maximumDepth = 60

    /// How many values and names a text may hold that is read for a short time: for a preview, an amount or a translation.
    private static let maximumNodes = 100_000

    /// The value that a text holds as JSON, if that is a text, list or object; other values stay as they are. So MLflow's server
    /// undoes what exporters that know no nested values have done to them.
    var decoded: AttributeValue {
        var reader = Self.reader(nodes: Self.maximumNodes)
        return decoded(&reader)
    }

    /// About how many bytes of memory it takes to decode the value, in addition to those of its text.
    func memoryToDecode(nodes: Int) -> Int {
        guard case .string(let text) = self, let first = text.utf8.first, Self.beginnings.contains(first) else { return 0 }
        // Both as a JSON value and as an attribute's value.
        return 2 * JSONFootprint(of: text.utf8, maximumNodes: nodes).memory
    }

    /// The characters with which a text, list or object begins.
    private static let beginnings = [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\"")]

    /// The same with a reader for several values, which together may hold as much as it allows; a text that holds more stays as it is.
    func decoded(_ reader: inout NestedJSONParser) -> AttributeValue {
        guard case .string(let text) = self, let first = text.utf8.first,
            Self.beginnings.contains(first), let value = reader.value(text)
        else { return self }
        return AttributeValue(value)
    }

    /// - Parameter nodes: how many values and names all texts together may hold.
    static func reader(nodes: Int) -> NestedJSONParser { NestedJSONParser(limits: JSONLimits(maximumNodes: nodes, maximumDepth: maximumDepth)) }
}

extension [Attribute] {
    /// The value of the last attribute with that name.
    subscript(key: String) -> AttributeValue? { last { $0.key == key }?.value }
}

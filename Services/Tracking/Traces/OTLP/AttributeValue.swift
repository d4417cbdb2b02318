internal import Primitives
internal import WireProtocol

/// A key and value of a span, an event, a link or a resource.
struct Attribute: Sendable, Equatable {
    var key: String
    var value: AttributeValue
}

/// A value of OpenTelemetry's `AnyValue` (opentelemetry/proto/common/v1/common.proto). Unlike in JSON, integers and doubles are
/// distinct, and the value may be missing.
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

/// Encodes the value in protobuf's JSON form of `AnyValue`, with names in snake_case.
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
    /// Converts a JSON value; objects keep the order of their members.
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

    /// The equivalent JSON value.
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

    /// The string; `nil` for other types.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The maximum nesting depth of JSON in a string. Each level becomes up to four in the stored JSON.
    private static let maximumDepth = 60

    /// The maximum number of values and names in a string that is decoded temporarily: for a preview, an amount or a translation.
    private static let maximumNodes = 100_000

    /// The value that a string contains as JSON, if that is a string, array or object; any other value is returned unchanged. As in
    /// MLflow's server, this reverses the encoding of exporters that don't support nested values.
    var decoded: AttributeValue {
        var reader = Self.reader(nodes: Self.maximumNodes)
        return decoded(&reader)
    }

    /// An estimate of the bytes needed to decode the value, in addition to those of the string itself.
    func memoryToDecode(nodes: Int) -> Int {
        guard case .string(let text) = self, let first = text.utf8.first, Self.openingBytes.contains(first) else { return 0 }
        // The memory holds it both as a JSON value and as an attribute value.
        return 2 * JSONFootprint(of: text.utf8, maximumNodes: nodes).memory
    }

    /// The first characters of a JSON string, array or object.
    private static let openingBytes = [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\"")]

    /// Decodes the value with a parser that several values share. A string that exceeds the parser's remaining limit is returned
    /// unchanged.
    func decoded(_ reader: inout NestedJSONParser) -> AttributeValue {
        guard case .string(let text) = self, let first = text.utf8.first,
            Self.openingBytes.contains(first), let value = reader.value(text)
        else { return self }
        return AttributeValue(value)
    }

    /// Returns a parser for JSON in strings.
    ///
    /// - Parameter nodes: the maximum number of values and names in all strings together.
    static func reader(nodes: Int) -> NestedJSONParser {
        NestedJSONParser(limits: JSONLimits(maximumNodes: nodes, maximumDepth: maximumDepth))
    }
}

extension [Attribute] {
    /// The value of the last attribute with this key.
    subscript(key: String) -> AttributeValue? { last { $0.key == key }?.value }
}

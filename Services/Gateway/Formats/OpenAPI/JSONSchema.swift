internal import JSON

/// Builds JSON Schemas, in the dialect of OpenAPI 3.1.
enum JSONSchema {
    static func string(_ description: String? = nil) -> JSONValue { make("string", description) }
    static func boolean(_ description: String? = nil) -> JSONValue { make("boolean", description) }

    static func integer(_ description: String? = nil, from minimum: Int64? = nil, to maximum: Int64? = nil) -> JSONValue {
        make("integer", description, range: (minimum, maximum))
    }

    static func number(_ description: String? = nil, from minimum: Int64? = nil, to maximum: Int64? = nil) -> JSONValue {
        make("number", description, range: (minimum, maximum))
    }

    /// One of several strings.
    static func enumeration(_ values: String..., description: String? = nil) -> JSONValue {
        make("string", description, ("enum", .array(values.map { .string($0) })))
    }

    static func array(of items: JSONValue, _ description: String? = nil, atLeast minimum: Int64? = nil) -> JSONValue {
        var array = make("array", description, ("items", items)).objectValue
        array?["minItems"] = minimum.map { .integer($0) }
        return .object(array ?? [:])
    }

    /// An object, which may have additional members.
    static func object(
        _ members: KeyValuePairs<String, JSONValue>, required: [String] = [], _ description: String? = nil
    ) -> JSONValue {
        let properties = JSONObject(members.map { .init(name: $0.key, value: $0.value) })
        var object = make("object", description, ("properties", .object(properties))).objectValue
        if !required.isEmpty { object?["required"] = .array(required.map { .string($0) }) }
        return .object(object ?? [:])
    }

    /// An object without described members.
    static func anyObject(_ description: String? = nil) -> JSONValue { make("object", description) }

    static func anyOf(_ schemas: JSONValue...) -> JSONValue { ["anyOf": .array(schemas)] }

    static func nullable(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

    /// A reference to one of the document's schemas.
    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    /// A constant string.
    static func constant(_ value: String) -> JSONValue { ["const": .string(value)] }

    private static func make(
        _ type: String, _ description: String?, _ member: (String, JSONValue)? = nil, range: (Int64?, Int64?) = (nil, nil)
    ) -> JSONValue {
        var schema: JSONObject = ["type": .string(type)]
        schema["description"] = description.map { .string($0) }
        if let member { schema[member.0] = member.1 }
        schema["minimum"] = range.0.map { .integer($0) }
        schema["maximum"] = range.1.map { .integer($0) }
        return .object(schema)
    }
}

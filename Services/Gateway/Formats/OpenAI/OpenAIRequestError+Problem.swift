internal import JSON

extension OpenAIRequestError.Problem {
    /// The path of the member, as in OpenAI's `param`: `messages[0].role`.
    package var parameter: String {
        var path = ""
        for component in location {
            switch component {
            case .member(let name): path += path.isEmpty ? name : "." + name
            case .index(let index): path += "[\(index)]"
            }
        }
        return path
    }

    /// The error message, which names the member.
    package var message: String {
        switch kind {
        case .missing: "Missing required parameter: '\(parameter)'."
        case .wrongType(let expected):
            "Invalid type for '\(parameter)': expected \(expected.openAIName), but got \(input.typeName) instead."
        case .empty: "Invalid '\(parameter)': it must not be empty."
        case .below(let minimum): "Invalid '\(parameter)': expected a value >= \(minimum), but got \(input.excerpt().jsonString) instead."
        case .above(let maximum): "Invalid '\(parameter)': expected a value <= \(maximum), but got \(input.excerpt().jsonString) instead."
        case .unknown(let values):
            "Invalid value for '\(parameter)'. Supported values are: \(values.map { "'\($0)'" }.joined(separator: ", "))."
        }
    }

    /// OpenAI's `code`.
    var code: String {
        switch kind {
        case .missing: "missing_required_parameter"
        case .wrongType: "invalid_type"
        case .empty: input == "" ? "empty_string" : "empty_array"
        case .below: input.isInteger ? "integer_below_min_value" : "decimal_below_min_value"
        case .above: input.isInteger ? "integer_above_max_value" : "decimal_above_max_value"
        case .unknown: "invalid_value"
        }
    }

    /// Pydantic 2's `{"type", "loc", "msg", "input"}`, and `ctx` with the limit that was exceeded. A large input is truncated.
    var pydantic: JSONValue {
        var loc: [JSONValue] = ["body"]
        for component in location {
            switch component {
            case .member(let name): loc.append(.string(name))
            case .index(let index): loc.append(.integer(Int64(index)))
            }
        }
        let (type, message, context) = pydanticTexts
        var object: JSONObject = ["type": .string(type), "loc": .array(loc), "msg": .string(message), "input": input.excerpt()]
        if let context { object["ctx"] = context }
        return .object(object)
    }

    private var pydanticTexts: (type: String, message: String, context: JSONValue?) {
        switch kind {
        case .missing: return ("missing", "Field required", nil)
        case .wrongType(let expected): return (expected.pydanticType, "Input should be a valid \(expected.pydanticName)", nil)
        case .empty where input.stringValue != nil:
            return ("string_too_short", "String should have at least 1 character", ["min_length": 1])
        case .empty:
            return (
                "too_short", "List should have at least 1 item after validation, not 0",
                ["field_type": "List", "min_length": 1, "actual_length": 0]
            )
        case .below(let minimum):
            return ("greater_than_equal", "Input should be greater than or equal to \(minimum)", ["ge": .integer(minimum)])
        case .above(let maximum):
            return ("less_than_equal", "Input should be less than or equal to \(maximum)", ["le": .integer(maximum)])
        case .unknown(let values):
            let quoted = values.map { "'\($0)'" }
            let expected = quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "")
            return ("literal_error", "Input should be \(expected)", ["expected": .string(expected)])
        }
    }
}

extension OpenAIRequestError.Expected {
    /// The name in OpenAI's messages.
    fileprivate var openAIName: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .number: "a decimal"
        case .bool: "a boolean"
        case .array: "an array"
        case .object: "an object"
        case .either(let names): names
        }
    }

    /// The name in pydantic's messages.
    fileprivate var pydanticName: String {
        switch self {
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .bool: "boolean"
        case .array: "list"
        case .object: "dictionary"
        case .either(let names): names.split(separator: " ").dropFirst().joined(separator: " ")
        }
    }

    fileprivate var pydanticType: String {
        switch self {
        case .string: "string_type"
        case .integer: "int_type"
        case .number: "float_type"
        case .bool: "bool_type"
        case .array: "list_type"
        case .object: "dict_type"
        case .either: "value_error"
        }
    }
}

extension JSONValue {
    /// The type of the value, with an article.
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a decimal"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    fileprivate var isInteger: Bool {
        if case .integer = self { true } else { false }
    }
}

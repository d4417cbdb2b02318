extension MessageFields {
    /// MLflow's message for a missing parameter.
    package static func missing(_ name: String) -> ServiceError {
        .invalidParameter(
            "Missing value for required parameter '\(name)'. See the API docs for more information about request parameters.")
    }

    /// MLflow's message for a value of the wrong type, which mentions the Python type.
    package static func wrongType(_ name: String, _ value: JSONValue) -> ServiceError {
        .invalidParameter(
            "Invalid value \(value.pythonExcerpt()) for parameter '\(name)' supplied:  Hint: Value was of type '\(value.pythonType)'."
                + " See the API docs for more information about request parameters.")
    }
}

extension JSONValue {
    fileprivate var pythonType: String {
        switch self {
        case .null: "NoneType"
        case .bool: "bool"
        case .integer: "int"
        case .number: "float"
        case .string: "str"
        case .array: "list"
        case .object: "dict"
        }
    }
}

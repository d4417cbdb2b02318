internal import JSON

/// Parses the members of an object, with OpenAI's messages for errors. `null` counts as absent.
struct Fields {
    let object: JSONObject
    /// The path of the object: empty, or ending with a dot.
    let location: String
    /// The status of errors.
    let status: Int

    init(_ object: JSONObject, at location: String = "", status: Int = 400) {
        self.object = object
        self.location = location
        self.status = status
    }

    /// A nested object.
    init(_ value: JSONValue, at location: String, status: Int = 400) throws(Failure) {
        guard let object = value.objectValue else { throw Self.wrongType(value, "an object", location, status) }
        self.init(object, at: location + ".", status: status)
    }

    subscript(name: String) -> JSONValue? {
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    /// Rejects unknown members.
    func only(_ names: Set<String>) throws(Failure) {
        for member in object.members where !names.contains(member.name) {
            throw Failure(
                status, "Unknown parameter: '\(location)\(member.name)'.", param: location + member.name, code: "unknown_parameter")
        }
    }

    func string(_ name: String) throws(Failure) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.stringValue else { throw wrongType(name, "a string") }
        return text
    }

    func requiredString(_ name: String) throws(Failure) -> String {
        guard let text = try string(name) else { throw missing(name) }
        return text
    }

    func bool(_ name: String) throws(Failure) -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .bool(let truth) = value else { throw wrongType(name, "a boolean") }
        return truth
    }

    func integer(_ name: String, _ range: ClosedRange<Int> = 1...Int.max) throws(Failure) -> Int? {
        guard let value = self[name] else { return nil }
        guard case .integer(let number) = value else { throw wrongType(name, "an integer") }
        guard range.contains(Int(number)) else { throw outOfRange(name, "\(range.lowerBound) to \(range.upperBound)", "\(number)") }
        return Int(number)
    }

    @discardableResult
    func number(_ name: String, _ range: ClosedRange<Double>) throws(Failure) -> Double? {
        guard let value = self[name] else { return nil }
        guard let number = value.doubleValue else { throw wrongType(name, "a decimal") }
        guard range.contains(number) else { throw outOfRange(name, "\(range.lowerBound) to \(range.upperBound)", "\(number)") }
        return number
    }

    func array(_ name: String) throws(Failure) -> [JSONValue]? {
        guard let value = self[name] else { return nil }
        guard let list = value.arrayValue else { throw wrongType(name, "an array") }
        return list
    }

    /// A required array with at least one element.
    func elements(_ name: String) throws(Failure) -> [JSONValue] {
        guard let list = try array(name) else { throw missing(name) }
        guard !list.isEmpty else {
            throw Failure(
                status,
                "Invalid '\(location)\(name)': empty array. Expected an array with minimum length 1, "
                    + "but got an empty array instead.",
                param: location + name, code: "empty_array")
        }
        return list
    }

    /// An array of strings.
    func strings(_ name: String) throws(Failure) -> [String]? {
        guard let list = try array(name) else { return nil }
        var texts: [String] = []
        for (index, value) in list.enumerated() {
            guard let text = value.stringValue else { throw wrongType("\(name)[\(index)]", "a string", value) }
            texts.append(text)
        }
        return texts
    }

    /// The members of an object; `nil` if it is absent.
    func fields(_ name: String) throws(Failure) -> Fields? {
        guard let value = self[name] else { return nil }
        return try Fields(value, at: location + name, status: status)
    }

    func requiredFields(_ name: String) throws(Failure) -> Fields {
        guard let fields = try fields(name) else { throw missing(name) }
        return fields
    }

    /// The first of several members that is present.
    func first<Value>(_ names: String..., read: (String) throws(Failure) -> Value?) throws(Failure) -> Value? {
        for name in names {
            if let value = try read(name) { return value }
        }
        return nil
    }

    // MARK: Errors

    func missing(_ name: String) -> Failure {
        Failure(
            status, "Missing required parameter: '\(location)\(name)'.", param: location + name, code: "missing_required_parameter")
    }

    func wrongType(_ name: String, _ expected: String, _ value: JSONValue? = nil) -> Failure {
        Self.wrongType(value ?? object[name] ?? .null, expected, location + name, status)
    }

    func invalid(_ name: String, _ reason: String) -> Failure {
        Failure(status, "Invalid value for '\(location)\(name)': \(reason)", param: location + name, code: "invalid_value")
    }

    private func outOfRange(_ name: String, _ range: String, _ value: String) -> Failure {
        invalid(name, "expected a value in the range \(range), but got \(value) instead.")
    }

    private static func wrongType(_ value: JSONValue, _ expected: String, _ location: String, _ status: Int) -> Failure {
        let type =
            switch value {
            case .null: "null"
            case .bool: "a boolean"
            case .integer: "an integer"
            case .number: "a decimal"
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        return Failure(
            status, "Invalid type for '\(location)': expected \(expected), but got \(type) instead.", param: location,
            code: "invalid_type")
    }
}

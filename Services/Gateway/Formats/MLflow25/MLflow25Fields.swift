internal import JSON

/// Reads the members of a body as pydantic 1 does: converts values where possible, and collects all problems.
struct MLflow25Fields {
    /// The body, in which the members read so far are converted.
    private(set) var members: JSONObject
    private(set) var problems: [MLflow25Problem] = []
    private let path: [JSONValue]
    /// The maximum number of reported problems, so that the response to a long invalid list stays short.
    private static let maximumProblemCount = 100

    init(_ members: JSONObject, at path: [JSONValue] = ["body"]) {
        self.members = members
        self.path = path
    }

    mutating func string(_ name: String) {
        guard let value = required(name) else { return }
        members[name] = string(value, at: [.string(name)])
    }

    mutating func number(_ name: String, default defaultValue: Double, in range: ClosedRange<Int64>) {
        guard let value = present(name, default: .number(defaultValue)) else { return }
        guard let number = value.asPythonNumber else { return report(.notNumber, [.string(name)]) }
        // Negated, so that NaN is too small.
        if !(number >= Double(range.lowerBound)) { report(.tooSmall(minimum: range.lowerBound), [.string(name)]) }
        if number > Double(range.upperBound) { report(.tooLarge(maximum: range.upperBound), [.string(name)]) }
        members[name] = .number(number)
    }

    mutating func integer(_ name: String, default defaultValue: Int64, in range: ClosedRange<Int64>) {
        guard let value = present(name, default: .integer(defaultValue)) else { return }
        integer(value, name, in: range)
    }

    mutating func optionalInteger(_ name: String, in range: ClosedRange<Int64>) {
        guard let value = members[name], value != .null else { return }
        integer(value, name, in: range)
    }

    mutating func optionalStrings(_ name: String) {
        guard let value = members[name], value != .null else { return }
        guard let values = value.arrayValue else { return report(.notArray, [.string(name)]) }
        guard !values.isEmpty else { return report(.tooFew, [.string(name)]) }
        members[name] = strings(values, name)
    }

    /// Reads a string or a list of strings.
    mutating func stringOrStrings(_ name: String) {
        guard let value = required(name) else { return }
        if let string = value.asPythonString {
            members[name] = .string(string)
            return
        }
        // Both alternatives have failed, and pydantic reports both.
        report(.notString, [.string(name)])
        guard let values = value.arrayValue else { return report(.notArray, [.string(name)]) }
        let before = problems.count
        members[name] = strings(values, name)
        if problems.count == before { problems.removeLast() }
    }

    /// Reads a non-empty list of objects, each with `read`.
    mutating func objects(_ name: String, _ read: (inout MLflow25Fields) -> Void) {
        guard let value = required(name) else { return }
        guard let values = value.arrayValue else { return report(.notArray, [.string(name)]) }
        guard !values.isEmpty else { return report(.tooFew, [.string(name)]) }
        var converted: [JSONValue] = []
        for (index, value) in values.enumerated() {
            let elementPath: [JSONValue] = [.string(name), .integer(Int64(index))]
            guard let object = value.asPythonObject else {
                report(value == .null ? .null : .notObject, elementPath)
                continue
            }
            var fields = MLflow25Fields(object, at: path + elementPath)
            read(&fields)
            problems += fields.problems.prefix(Self.maximumProblemCount - problems.count)
            converted.append(.object(fields.members))
        }
        members[name] = .array(converted)
    }

    // MARK: Parts

    private mutating func required(_ name: String) -> JSONValue? {
        guard let value = members[name] else {
            report(.missing, [.string(name)])
            return nil
        }
        return present(name, default: value)
    }

    /// The value of a member that may be absent but not null.
    private mutating func present(_ name: String, default defaultValue: JSONValue) -> JSONValue? {
        let value = members[name] ?? defaultValue
        if value == .null { report(.null, [.string(name)]) }
        return value == .null ? nil : value
    }

    private mutating func integer(_ value: JSONValue, _ name: String, in range: ClosedRange<Int64>) {
        guard let integer = value.asPythonInteger else { return report(.notInteger, [.string(name)]) }
        if integer < range.lowerBound { report(.tooSmall(minimum: range.lowerBound), [.string(name)]) }
        if integer > range.upperBound { report(.tooLarge(maximum: range.upperBound), [.string(name)]) }
        members[name] = .integer(integer)
    }

    private mutating func strings(_ values: [JSONValue], _ name: String) -> JSONValue {
        var strings: [JSONValue] = []
        for (index, value) in values.enumerated() {
            if let string = string(value, at: [.string(name), .integer(Int64(index))]) { strings.append(string) }
        }
        return .array(strings)
    }

    private mutating func string(_ value: JSONValue, at path: [JSONValue]) -> JSONValue? {
        if let string = value.asPythonString { return .string(string) }
        report(value == .null ? .null : .notString, path)
        return nil
    }

    private mutating func report(_ kind: MLflow25Problem.Kind, _ path: [JSONValue]) {
        guard problems.count < Self.maximumProblemCount else { return }
        problems.append(MLflow25Problem(location: self.path + path, kind: kind))
    }
}

internal import JSON

/// Reads the members of a body as pydantic 1 does: converts what can be converted, and collects everything that is wrong.
struct MLflow25Fields {
    /// The body, with members converted once they are read.
    private(set) var members: JSONObject
    private(set) var problems: [MLflow25Problem] = []
    private let place: [JSONValue]
    /// More aren't told, so that the answer to a long list doesn't grow with it.
    private static let maximumProblems = 100

    init(_ members: JSONObject, at place: [JSONValue] = ["body"]) {
        self.members = members
        self.place = place
    }

    mutating func text(_ name: String) {
        guard let value = required(name) else { return }
        members[name] = text(value, at: [.string(name)])
    }

    mutating func number(_ name: String, default standard: Double, in range: ClosedRange<Int64>) {
        guard let value = present(name, default: .number(standard)) else { return }
        guard let number = value.asPythonNumber else { return report(.noNumber, [.string(name)]) }
        // Not a number is not at least anything.
        if !(number >= Double(range.lowerBound)) { report(.tooSmall(minimum: range.lowerBound), [.string(name)]) }
        if number > Double(range.upperBound) { report(.tooLarge(maximum: range.upperBound), [.string(name)]) }
        members[name] = .number(number)
    }

    mutating func integer(_ name: String, default standard: Int64, in range: ClosedRange<Int64>) {
        guard let value = present(name, default: .integer(standard)) else { return }
        integer(value, name, in: range)
    }

    mutating func integerIfAny(_ name: String, in range: ClosedRange<Int64>) {
        guard let value = members[name], value != .null else { return }
        integer(value, name, in: range)
    }

    mutating func textsIfAny(_ name: String) {
        guard let value = members[name], value != .null else { return }
        guard let values = value.arrayValue else { return report(.noList, [.string(name)]) }
        guard !values.isEmpty else { return report(.tooFew, [.string(name)]) }
        members[name] = texts(values, name)
    }

    /// A text or a list of texts.
    mutating func textOrTexts(_ name: String) {
        guard let value = required(name) else { return }
        if let text = value.asPythonText { return members[name] = .string(text) }
        // Both that it could be have failed, and pydantic tells both.
        report(.noText, [.string(name)])
        guard let values = value.arrayValue else { return report(.noList, [.string(name)]) }
        let before = problems.count
        members[name] = texts(values, name)
        if problems.count == before { problems.removeLast() }
    }

    /// A list of objects, one at least, each read by `read`.
    mutating func objects(_ name: String, _ read: (inout MLflow25Fields) -> Void) {
        guard let value = required(name) else { return }
        guard let values = value.arrayValue else { return report(.noList, [.string(name)]) }
        guard !values.isEmpty else { return report(.tooFew, [.string(name)]) }
        var converted: [JSONValue] = []
        for (index, value) in values.enumerated() {
            let here: [JSONValue] = [.string(name), .integer(Int64(index))]
            guard let object = value.asPythonObject else {
                report(value == .null ? .null : .noObject, here)
                continue
            }
            var fields = MLflow25Fields(object, at: place + here)
            read(&fields)
            problems += fields.problems.prefix(Self.maximumProblems - problems.count)
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

    /// The value of a member that may be absent, but not null.
    private mutating func present(_ name: String, default standard: JSONValue) -> JSONValue? {
        let value = members[name] ?? standard
        if value == .null { report(.null, [.string(name)]) }
        return value == .null ? nil : value
    }

    private mutating func integer(_ value: JSONValue, _ name: String, in range: ClosedRange<Int64>) {
        guard let integer = value.asPythonInteger else { return report(.noInteger, [.string(name)]) }
        if integer < range.lowerBound { report(.tooSmall(minimum: range.lowerBound), [.string(name)]) }
        if integer > range.upperBound { report(.tooLarge(maximum: range.upperBound), [.string(name)]) }
        members[name] = .integer(integer)
    }

    private mutating func texts(_ values: [JSONValue], _ name: String) -> JSONValue {
        var texts: [JSONValue] = []
        for (index, value) in values.enumerated() {
            if let text = text(value, at: [.string(name), .integer(Int64(index))]) { texts.append(text) }
        }
        return .array(texts)
    }

    private mutating func text(_ value: JSONValue, at place: [JSONValue]) -> JSONValue? {
        if let text = value.asPythonText { return .string(text) }
        report(value == .null ? .null : .noText, place)
        return nil
    }

    private mutating func report(_ kind: MLflow25Problem.Kind, _ place: [JSONValue]) {
        guard problems.count < Self.maximumProblems else { return }
        problems.append(MLflow25Problem(location: self.place + place, kind: kind))
    }
}

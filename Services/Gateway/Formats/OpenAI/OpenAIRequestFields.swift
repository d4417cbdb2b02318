internal import JSON

/// Reads the members of a request and collects all problems. A null member counts as absent, as in OpenAI's API.
struct OpenAIRequestFields {
    typealias Kind = OpenAIRequestError.Kind
    typealias PathComponent = OpenAIRequestError.PathComponent

    let members: JSONObject
    private let path: [PathComponent]
    private(set) var problems: [OpenAIRequestError.Problem] = []
    /// The maximum number of reported problems, so that the response to a long invalid list stays short.
    private static let maximumProblemCount = 100

    init(_ members: JSONObject, at path: [PathComponent] = []) {
        self.members = members
        self.path = path
    }

    subscript(name: String) -> JSONValue? {
        members[name].flatMap { $0 == .null ? nil : $0 }
    }

    /// The value of a required member.
    mutating func required(_ name: String) -> JSONValue? {
        let value = self[name]
        if value == nil { report(.missing, name, .object(members)) }
        return value
    }

    mutating func integer(_ name: String, atLeast minimum: Int64) {
        guard let value = self[name] else { return }
        // A number such as 5.0 is an integer; a string never is.
        let whole = value.doubleValue == nil ? nil : value.integerValue
        guard let whole else { return report(.wrongType(.integer), name, value) }
        if whole < minimum { report(.below(minimum), name, value) }
    }

    mutating func number(_ name: String, in range: ClosedRange<Int64>) {
        guard let value = self[name] else { return }
        guard let number = value.doubleValue else { return report(.wrongType(.number), name, value) }
        if number > Double(range.upperBound) {
            report(.above(range.upperBound), name, value)
        } else if !(number >= Double(range.lowerBound)) {
            report(.below(range.lowerBound), name, value)
        }
    }

    mutating func bool(_ name: String) {
        guard let value = self[name], value.boolValue == nil else { return }
        report(.wrongType(.bool), name, value)
    }

    mutating func object(_ name: String) {
        guard let value = self[name], value.objectValue == nil else { return }
        report(.wrongType(.object), name, value)
    }

    /// Checks a string or a list of strings.
    mutating func stringOrStrings(_ name: String) {
        guard let value = self[name], value.stringValue == nil else { return }
        guard let values = value.arrayValue else { return report(.wrongType(.either("a string or an array")), name, value) }
        if let index = values.firstIndex(where: { $0.stringValue == nil }) {
            report(.wrongType(.string), name, values[index], index: index)
        }
    }

    /// Checks a prompt or an input: a string, or a list of strings, of tokens or of lists of tokens.
    mutating func stringsOrTokens(_ name: String) {
        guard let value = required(name), value.stringValue == nil else { return }
        guard let values = value.arrayValue else { return report(.wrongType(.either("a string or an array")), name, value) }
        guard let first = values.first else { return report(.empty, name, value) }
        let fits: (JSONValue) -> Bool
        switch first {
        case .integer: fits = { $0.isToken }
        case .array: fits = { $0.arrayValue.map { !$0.isEmpty && $0.allSatisfy(\.isToken) } ?? false }
        default: fits = { $0.stringValue != nil }
        }
        if let index = values.firstIndex(where: { !fits($0) }) {
            report(.wrongType(.either("a string, a token or an array of tokens")), name, values[index], index: index)
        }
    }

    /// Reads a list of objects, each with `read`.
    mutating func objects(_ name: String, _ read: (inout OpenAIRequestFields) -> Void) {
        guard let value = self[name] else { return }
        guard let values = value.arrayValue else { return report(.wrongType(.array), name, value) }
        for (index, value) in values.enumerated() {
            guard let object = value.objectValue else {
                report(.wrongType(.object), name, value, index: index)
                continue
            }
            var fields = OpenAIRequestFields(object, at: path + [.member(name), .index(index)])
            read(&fields)
            problems += fields.problems.prefix(Self.maximumProblemCount - problems.count)
        }
    }

    mutating func report(_ kind: Kind, _ name: String, _ input: JSONValue, index: Int? = nil) {
        guard problems.count < Self.maximumProblemCount else { return }
        let location = path + [.member(name)] + (index.map { [.index($0)] } ?? [])
        problems.append(OpenAIRequestError.Problem(location: location, kind: kind, input: input))
    }
}

extension JSONValue {
    fileprivate var isToken: Bool {
        if case .integer(let value) = self { value >= 0 } else { false }
    }
}

internal import JSON

/// Reads the members of a request and collects everything that is wrong. A member that is null counts as absent, as at OpenAI.
struct OpenAIRequestFields {
    typealias Kind = OpenAIRequestError.Kind
    typealias PathComponent = OpenAIRequestError.PathComponent

    let members: JSONObject
    private let path: [PathComponent]
    private(set) var problems: [OpenAIRequestError.Problem] = []
    /// More aren't told, so that the response to a long list doesn't grow with it.
    private static let maximumProblemCount = 100

    init(_ members: JSONObject, at path: [PathComponent] = []) {
        self.members = members
        self.path = path
    }

    subscript(name: String) -> JSONValue? {
        members[name].flatMap { $0 == .null ? nil : $0 }
    }

    /// The value of a member that must be there.
    mutating func required(_ name: String) -> JSONValue? {
        let value = self[name]
        if value == nil { report(.missing, name, .object(members)) }
        return value
    }

    mutating func integer(_ name: String, atLeast minimum: Int64) {
        guard let value = self[name] else { return }
        // A number such as 5.0 is whole; a text isn't, whatever it says.
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

    /// A text or a list of texts.
    mutating func stringOrStrings(_ name: String) {
        guard let value = self[name], value.stringValue == nil else { return }
        guard let values = value.arrayValue else { return report(.wrongType(.either("a string or an array")), name, value) }
        if let index = values.firstIndex(where: { $0.stringValue == nil }) {
            report(.wrongType(.string), name, values[index], index: index)
        }
    }

    /// What a model reads without a conversation: a text, a list of texts, of tokens or of lists of tokens.
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

    /// A list of objects, each read by `read`.
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

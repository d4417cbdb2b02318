/// A JSON document as a value.
///
/// Requests are decoded from this tree instead of through `Codable`, because MLflow's rules for a field (protobuf's JSON mapping:
/// integers as numbers or strings, `null` as absent, unknown names ignored) and its error messages, which quote the value that was sent,
/// need the original value.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number without a fraction or exponent that fits into 64 bits.
    case integer(Int64)
    /// Any other number, including `NaN` and the infinities, which Python's encoder writes as literals.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of a JSON object in document order. If a name is repeated, the last member wins, as in Python.
package struct JSONObject: Sendable, Equatable {
    package var members: [Member]

    /// A name and its value.
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package init(_ members: [Member] = []) {
        self.members = members
    }

    /// The value of the member `name`; `nil` if there is none.
    package subscript(name: String) -> JSONValue? {
        get { members.last { $0.name == name }?.value }
        set {
            guard let last = members.lastIndex(where: { $0.name == name }) else {
                if let newValue { members.append(Member(name: name, value: newValue)) }
                return
            }
            let isRepeated = members[..<last].contains { $0.name == name }
            if let newValue, !isRepeated {
                members[last].value = newValue
            } else {
                members.removeAll { $0.name == name }
                if let newValue { members.append(Member(name: name, value: newValue)) }
            }
        }
    }
}

extension JSONValue {
    /// The value as a string.
    package var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The value as an array.
    package var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The value as an object.
    package var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The value as a 64-bit integer if it is a whole number or a string of decimal digits (protobuf sends both).
    package var integerValue: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        case .string(let text): Int64(text)
        default: nil
        }
    }

    /// The member `name` if the value is an object that has it.
    package subscript(name: String) -> JSONValue? { objectValue?[name] }
}

extension JSONValue: JSONWritable {
    package func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .bool(let value): json.bool(value)
        case .integer(let value): json.integer(value)
        case .number(let value): json.number(value)
        case .string(let value): json.string(value)
        case .array(let values): json.array { json in for value in values { value.write(to: &json) } }
        case .object(let object):
            json.object { json in
                for member in object.members {
                    json.name(member.name)
                    member.value.write(to: &json)
                }
            }
        }
    }
}

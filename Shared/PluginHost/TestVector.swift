package import JSON

/// One test of a self-test: a call and its expected result.
package struct TestVector: Sendable {
    private let json: JSONValue
    /// Its name, for messages.
    package let name: String

    package init(_ json: JSONValue) {
        self.json = json
        name = json["name"]?.stringValue ?? "unnamed"
    }

    package subscript(member: String) -> JSONValue? { json[member] }

    /// The error of this test.
    package func failure(_ reason: String) -> PluginError { PluginError("self-test '\(name)': \(reason)") }

    /// Throws an error unless both values are equal, regardless of the order of members and the format of numbers.
    ///
    /// - Parameter part: what is compared, for the message.
    package func expect(_ found: JSONValue, _ expected: JSONValue, _ part: String) throws {
        guard !found.isSame(as: expected) else { return }
        throw failure("\(part): got \(found.jsonString), expected \(expected.jsonString)")
    }
}

extension JSONValue {
    /// Whether both values are equal, regardless of the order of members and the format of numbers.
    fileprivate func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            left.hasSameMembers(as: right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        default: self == other || (doubleValue != nil && doubleValue == other.doubleValue)
        }
    }
}

extension JSONObject {
    fileprivate func hasSameMembers(as other: JSONObject) -> Bool {
        let theirs = Dictionary(other.members.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        return members.count == other.members.count
            && members.allSatisfy { member in theirs[member.name].map { member.value.isSame(as: $0) } ?? false }
    }
}

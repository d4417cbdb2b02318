internal import JSON

/// Reads the members of an object in a request. Errors name a member by its path, as in Anthropic's API: `messages.0.role`. A null
/// member counts as absent.
struct MessagesFields {
    let members: JSONObject
    let path: String

    /// The fields of the request body.
    init(_ members: JSONObject) {
        self.members = members
        path = ""
    }

    /// The fields of an object in the body.
    ///
    /// - Throws: status 400 if the value is not an object.
    init(_ value: JSONValue, at path: String) throws(MessagesError) {
        guard let members = value.objectValue else { throw .invalid("\(path): Input should be an object") }
        self.members = members
        self.path = path
    }

    subscript(name: String) -> JSONValue? {
        members[name].flatMap { $0 == .null ? nil : $0 }
    }

    /// The path of a member.
    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func required(_ name: String) throws(MessagesError) -> JSONValue {
        guard let value = self[name] else { throw .invalid("\(path(of: name)): Field required") }
        return value
    }

    func string(_ name: String) throws(MessagesError) -> String {
        guard let string = try required(name).stringValue else { throw wrong(name, "a valid string") }
        return string
    }

    func optionalString(_ name: String) throws(MessagesError) -> String? {
        self[name] == nil ? nil : try string(name)
    }

    func bool(_ name: String) throws(MessagesError) -> Bool {
        guard let value = self[name] else { return false }
        guard let bool = value.boolValue else { throw wrong(name, "a valid boolean") }
        return bool
    }

    func integer(_ name: String, atLeast minimum: Int64) throws(MessagesError) -> Int64 {
        let value = try required(name)
        guard value.doubleValue != nil, let integer = value.integerValue else { throw wrong(name, "a valid integer") }
        guard integer >= minimum else { throw wrong(name, "greater than or equal to \(minimum)") }
        return integer
    }

    /// A number from 0 to 1.
    func fraction(_ name: String) throws(MessagesError) -> JSONValue? {
        guard let value = self[name] else { return nil }
        guard let number = value.doubleValue else { throw wrong(name, "a valid number") }
        guard (0...1).contains(number) else { throw wrong(name, "between 0 and 1") }
        return value
    }

    func object(_ name: String) throws(MessagesError) -> MessagesFields? {
        guard let value = self[name] else { return nil }
        return try MessagesFields(value, at: path(of: name))
    }

    func array(_ name: String) throws(MessagesError) -> [JSONValue] {
        guard let value = self[name] else { return [] }
        guard let values = value.arrayValue else { throw wrong(name, "a valid list") }
        return values
    }

    /// The objects in a list, each with its path; empty if the member is absent.
    func objects(_ name: String) throws(MessagesError) -> [MessagesFields] {
        let values = try array(name)
        var objects: [MessagesFields] = []
        for (index, value) in values.enumerated() { objects.append(try MessagesFields(value, at: "\(path(of: name)).\(index)")) }
        return objects
    }

    func wrong(_ name: String, _ expected: String) -> MessagesError {
        .invalid("\(path(of: name)): Input should be \(expected)")
    }
}

package import Primitives

/// The fields of a request or of another message, decoded by MLflow's rules: protobuf's JSON mapping plus MLflow's own validation and
/// messages.
///
/// - `null` is the same as absent; unknown fields are ignored.
/// - A field may be spelled `run_id` or `runId`, but not both; a required field must be in snake_case.
/// - 64-bit integers may be numbers or decimal strings, doubles also `"NaN"` and `"Infinity"`.
///
/// Read the fields in the order of MLflow's schema, so that a request with several errors gets the same message as in MLflow.
package struct MessageFields: Sendable {
    private let object: JSONObject
    /// Whether the fields come from a query string: all values are strings, and a repeated name is an array.
    private let isQuery: Bool
    private let hasCamelCase: Bool
    private let nestedJSON: SharedNestedJSONParser
    private let origin: Origin

    /// Who sent a message.
    package enum Origin: Sendable {
        /// A client. The number of elements of an array is limited, and unknown names of enumerations are errors.
        case request
        /// Another server, which may be newer. It may send any number of elements, and unknown names of enumerations count as absent.
        case response
    }

    package init(_ object: JSONObject, from origin: Origin = .request) {
        self.init(object, SharedNestedJSONParser(), origin)
    }

    private init(_ object: JSONObject, _ nestedJSON: SharedNestedJSONParser, _ origin: Origin) {
        self.object = object
        self.nestedJSON = nestedJSON
        self.origin = origin
        isQuery = false
        hasCamelCase = object.members.contains { $0.name.utf8.contains { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") } }
    }

    /// - Parameter query: the decoded name-value pairs of a query string, in order.
    package init(query: [(name: String, value: String)]) {
        object = JSONObject(query.map { .init(name: $0.name, value: .string($0.value)) })
        isQuery = true
        hasCamelCase = false
        nestedJSON = SharedNestedJSONParser()
        origin = .request
    }

    /// Parses a request's body. A body that isn't JSON counts as an empty object, and a JSON string that contains JSON is parsed again:
    /// MLflow does both for old clients.
    ///
    /// - Parameter reserve: reserves the memory for the values of JSON inside a string, or throws.
    /// - Throws: `ServiceError` when the body isn't an object, or exceeds a limit.
    package init(
        body: some Collection<UInt8>, limits: JSONLimits = .standard,
        reserve: @escaping @Sendable (_ json: String) throws -> Void = { _ in }
    ) throws {
        var value = try Self.value(of: body, limits)
        if case .string(let text) = value {
            try reserve(text)
            value = try Self.value(of: text.utf8, limits)
        }
        switch value {
        case .object(let object):
            self.init(object, SharedNestedJSONParser(limits: limits, reserve: reserve), .request)
        case .null: self.init(JSONObject())
        default: throw ServiceError(.badRequest, "The request's body must be a JSON object.")
        }
    }

    /// Parses JSON; returns `null` for text that isn't JSON.
    private static func value(of text: some Collection<UInt8>, _ limits: JSONLimits) throws -> JSONValue {
        guard !text.isEmpty else { return .null }
        do throws(JSONSyntaxError) {
            return try JSONValue(parsing: text, limits: limits)
        } catch {
            guard error.limit == nil else { throw ServiceError.invalidParameter("The request's body exceeds a limit: \(error).") }
            return .null
        }
    }

    // MARK: Strings

    /// A string field; `nil` when it is absent.
    package func string(_ name: String) throws -> String? {
        guard let value = try value(name) else { return nil }
        guard case .string(let text) = value else { throw Self.wrongType(name, value) }
        return text
    }

    /// A string field; an empty string counts as absent.
    package func nonEmptyString(_ name: String) throws -> String? {
        try string(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A string field that must be present and not empty.
    package func requiredString(_ name: String) throws -> String {
        guard let value = sent(name), value != .null, value != .string("") else { throw Self.missing(name) }
        guard case .string(let text) = value else { throw Self.wrongType(name, value) }
        return text
    }

    /// The run's ID from `run_id`, or from the older field `run_uuid`.
    package func requiredRunID() throws -> String {
        if object["run_id"] == nil || object["run_id"] == .null, let old = try string("run_uuid"), !old.isEmpty { return old }
        return try requiredString("run_id")
    }

    /// The maximum number of elements of any array in a request. Requests with lower limits check these themselves.
    package static let maximumRequestElements = 100_000

    private func checkCount(_ count: Int, _ name: String) throws {
        guard origin == .response || count <= Self.maximumRequestElements else {
            throw ServiceError.invalidParameter(
                "The parameter '\(name)' has \(count) elements; the maximum is \(Self.maximumRequestElements).")
        }
    }

    /// An array of strings; empty when the field is absent.
    package func strings(_ name: String) throws -> [String] {
        if isQuery {
            return object.members.filter { $0.name == name }.compactMap(\.value.stringValue)
        }
        guard let value = try value(name) else { return [] }
        guard case .array(let items) = value else { throw Self.wrongType(name, value) }
        try checkCount(items.count, name)
        return try items.map { item in
            guard case .string(let text) = item else { throw Self.wrongType(name, value) }
            return text
        }
    }

    /// An array of strings that must be present; it may be empty.
    package func requiredStrings(_ name: String) throws -> [String] {
        try requirePresent(name)
        return try strings(name)
    }

    // MARK: Numbers

    /// A 64-bit integer; `nil` when it is absent.
    package func integer(_ name: String) throws -> Int64? {
        guard let value = try value(name) else { return nil }
        guard let integer = value.integerValue else { throw Self.wrongType(name, value) }
        return integer
    }

    /// A 64-bit integer that must be present.
    package func requiredInteger(_ name: String) throws -> Int64 {
        try requirePresent(name)
        guard let integer = try integer(name) else { throw Self.missing(name) }
        return integer
    }

    /// A time, in milliseconds since 1970; `nil` when it is absent.
    package func time(_ name: String) throws -> UnixMilliseconds? {
        try integer(name).map { UnixMilliseconds($0) }
    }

    /// A time that must be present, in milliseconds since 1970.
    package func requiredTime(_ name: String) throws -> UnixMilliseconds { UnixMilliseconds(try requiredInteger(name)) }

    /// A 32-bit integer, which MLflow uses for page sizes.
    package func int32(_ name: String) throws -> Int32? {
        guard let value = try value(name) else { return nil }
        guard let integer = value.integerValue.flatMap({ Int32(exactly: $0) }) else { throw Self.wrongType(name, value) }
        return integer
    }

    /// A floating-point number that must be present.
    package func requiredDouble(_ name: String) throws -> Double {
        try requirePresent(name)
        guard let value = try value(name) else { throw Self.missing(name) }
        guard let number = Self.double(value) else { throw Self.wrongType(name, value) }
        return number
    }

    /// A floating-point number; `nil` when it is absent.
    package func double(_ name: String) throws -> Double? {
        guard let value = try value(name) else { return nil }
        guard let number = Self.double(value) else { throw Self.wrongType(name, value) }
        return number
    }

    /// Converts a value to a number. MLflow also accepts Booleans (`true` is 1).
    private static func double(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .bool(let flag): flag ? 1 : 0
        case .string("NaN"): .nan
        case .string("Infinity"): .infinity
        case .string("-Infinity"): -.infinity
        // `Double` would also parse "nan", "inf" and hexadecimal numbers, which protobuf rejects.
        case .string(let text): text.utf8.allSatisfy(isDecimal) ? Double(text) : nil
        default: nil
        }
    }

    private static func isDecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
            UInt8(ascii: "E"):
            true
        default: false
        }
    }

    // MARK: Other

    /// A Boolean; `nil` when it is absent. In a query, it is the string `true` or `false`, ignoring case.
    package func bool(_ name: String) throws -> Bool? {
        guard let value = try value(name) else { return nil }
        switch value {
        case .bool(let flag): return flag
        case .string(let text) where isQuery:
            switch text.lowercased() {
            case "true": return true
            case "false": return false
            default:
                throw ServiceError.invalidParameter("Invalid boolean value: \(text), must be 'true' or 'false'.")
            }
        default: throw Self.wrongType(name, value)
        }
    }

    /// An enumeration value, by name or by protobuf number; in a response, `nil` also when it is unknown.
    package func enumeration<Value: WireEnumeration>(_ name: String) throws -> Value? {
        guard let value = try value(name) else { return nil }
        let match =
            switch value {
            case .string(let text): Value(rawValue: text) ?? Int64(text).flatMap(Value.init(number:))
            case .integer(let number): Value(number: number)
            default: throw Self.wrongType(name, value)
            }
        guard match != nil || origin == .response else { throw Self.wrongType(name, value) }
        return match
    }

    /// An enumeration value that must be present.
    package func requiredEnumeration<Value: WireEnumeration>(_ name: String) throws -> Value {
        try requirePresent(name)
        guard let value: Value = try enumeration(name) else { throw Self.missing(name) }
        return value
    }

    /// An array of messages; empty when the field is absent.
    package func messages<Message: ProtobufMessage>(_ name: String) throws -> [Message] {
        guard let value = try value(name) else { return [] }
        guard case .array(let items) = value else { throw Self.wrongType(name, value) }
        try checkCount(items.count, name)
        return try items.map { item in
            guard case .object(let object) = item else { throw Self.wrongType(name, value) }
            return try Message(MessageFields(object, nestedJSON, origin))
        }
    }

    /// An array of messages that must be present; it may be empty.
    package func requiredMessages<Message: ProtobufMessage>(_ name: String) throws -> [Message] {
        try requirePresent(name)
        return try messages(name)
    }

    /// A message; `nil` when it is absent.
    package func message<Message: ProtobufMessage>(_ name: String) throws -> Message? {
        try object(name).map(Message.init)
    }

    /// The fields of a message; `nil` when it is absent.
    package func object(_ name: String) throws -> MessageFields? {
        guard let value = try value(name) else { return nil }
        guard case .object(let object) = value else { throw Self.wrongType(name, value) }
        return MessageFields(object, nestedJSON, origin)
    }

    /// A map of strings, in document order; empty when it is absent.
    package func stringMap(_ name: String) throws -> [KeyValue] {
        guard let value = try value(name) else { return [] }
        guard case .object(let object) = value else { throw Self.wrongType(name, value) }
        return try object.members.map { member in
            guard let text = member.value.stringValue else { throw Self.wrongType(name, value) }
            return KeyValue(key: member.name, value: text)
        }
    }

    /// A map of floating-point numbers, in document order; empty when it is absent.
    package func numberMap(_ name: String) throws -> [(name: String, number: Double)] {
        guard let value = try value(name) else { return [] }
        guard case .object(let object) = value else { throw Self.wrongType(name, value) }
        return try object.members.map { member in
            guard let number = Self.double(member.value) else { throw Self.wrongType(name, value) }
            return (member.name, number)
        }
    }

    /// Parses the JSON in a string field. All strings of a request share one limit.
    ///
    /// - Returns: `nil` when the field is absent, or when its string isn't JSON within the limit.
    /// - Throws: `ServiceError` when the field isn't a string, or when no memory is left.
    package func json(in name: String) throws -> JSONValue? {
        guard let text = try string(name) else { return nil }
        return try nestedJSON.value(text)
    }

    /// Whether the field is present with a value other than `null`.
    package func has(_ name: String) -> Bool {
        ((try? value(name)) ?? nil) != nil
    }

    /// Whether the field is present, also with the value `null`.
    func isPresent(_ name: String) -> Bool { sent(name) != nil }

    /// The field's JSON value; `nil` when it is absent or `null`.
    package func value(_ name: String) throws -> JSONValue? {
        let snake = sent(name)
        if hasCamelCase {
            let camelName = Self.camelCase(name)
            if camelName != name, let camel = object[camelName] {
                guard snake == nil else {
                    throw ServiceError.invalidParameter(
                        "Request specifies both '\(name)' and '\(camelName)'; provide only one of them.")
                }
                return camel == .null ? nil : camel
            }
        }
        return snake == .null ? nil : snake
    }

    /// The value of exactly this name. If it is repeated, the first one is used in a query and the last one in a body, as in MLflow.
    private func sent(_ name: String) -> JSONValue? {
        isQuery ? object.members.first { $0.name == name }?.value : object[name]
    }

    private func requirePresent(_ name: String) throws {
        guard let value = sent(name), value != .null, value != .string("") else { throw Self.missing(name) }
    }

    /// Protobuf's JSON name: `run_id` becomes `runId`.
    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(into: String(words.first ?? "")) { $0 += $1.prefix(1).uppercased() + $1.dropFirst() }
    }
}

internal import WireProtocol

extension GraphQLEnumeration {
    func value(_ name: String) throws(GraphQLError) -> JSONValue {
        guard values.contains(name) else { throw GraphQLError("Value '\(name)' does not exist in '\(self.name)' enum.") }
        return .string(name)
    }

    func mismatch(_ written: String) -> GraphQLError {
        GraphQLError("Enum '\(name)' cannot represent non-enum value: \(written).")
    }
}

extension GraphQLScalar {
    /// - Parameters:
    ///   - value: the value as JSON; `nil` for a literal without a JSON equivalent.
    ///   - written: the value as written in the request, for the error message.
    func value(_ value: JSONValue?, written: String) throws(GraphQLError) -> JSONValue {
        switch (self, value) {
        case (.string, .string), (.boolean, .bool), (.float, .integer), (.float, .number): return value ?? .null
        case (.string, _): throw GraphQLError("String cannot represent a non string value: \(written)")
        case (.boolean, _): throw GraphQLError("Boolean cannot represent a non boolean value: \(written)")
        case (.float, _): throw GraphQLError("Float cannot represent non numeric value: \(written)")
        case (.int, .integer), (.int, .number):
            guard let integer = value?.integerValue else { throw GraphQLError("Int cannot represent non-integer value: \(written)") }
            guard Int32(exactly: integer) != nil else {
                throw GraphQLError("Int cannot represent non 32-bit signed integer value: \(written)")
            }
            return .integer(integer)
        case (.int, _): throw GraphQLError("Int cannot represent non-integer value: \(written)")
        case (.longString, _):
            guard let integer = value?.integerValue else { throw GraphQLError("LongString cannot represent value: \(written)") }
            return .integer(integer)
        }
    }
}

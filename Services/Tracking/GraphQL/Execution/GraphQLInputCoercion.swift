internal import WireProtocol

/// Converts a document's literals to values of the schema's input types, as JSON with the member names of MLflow's REST messages.
enum GraphQLInputCoercion {
    /// - Parameters:
    ///   - variable: returns the validated value of a variable; `nil` if it has none.
    /// - Returns: `nil` if the literal is a variable without a value.
    static func value(
        _ literal: GraphQLLiteral, as type: GraphQLInputType,
        variable: (_ name: String, _ type: GraphQLInputType) throws(GraphQLError) -> JSONValue?
    ) throws(GraphQLError) -> JSONValue? {
        if case .variable(let name) = literal { return try variable(name, type) }
        switch type {
        case .nonNull(let inner):
            guard literal != .null else { throw GraphQLError("Expected value of type '\(type)', found null.") }
            return try value(literal, as: inner, variable: variable)
        case _ where literal == .null: return .null
        case .list(let element):
            guard case .list(let items) = literal else {
                return try value(literal, as: element, variable: variable).map { .array([$0]) }
            }
            var values: [JSONValue] = []
            for item in items { values.append(try value(item, as: element, variable: variable) ?? .null) }
            return .array(values)
        case .object(let object):
            guard case .object(let members) = literal else {
                throw GraphQLError("Expected value of type '\(object.name)', found \(literal).")
            }
            return .object(try self.object(members, as: object, variable: variable))
        case .enumeration(let enumeration):
            guard case .enumeration(let name) = literal else { throw enumeration.mismatch(literal.description) }
            return try enumeration.value(name)
        case .scalar(let scalar):
            return try scalar.value(literal.json, written: literal.description)
        }
    }

    private static func object(
        _ members: [GraphQLArgument], as object: GraphQLInputObject,
        variable: (_ name: String, _ type: GraphQLInputType) throws(GraphQLError) -> JSONValue?
    ) throws(GraphQLError) -> JSONObject {
        var result: [JSONObject.Member] = []
        for member in members {
            let field = try self.field(member.name, of: object)
            guard !result.contains(where: { $0.name == field.wireName }) else {
                throw GraphQLError("There can be only one input field named '\(member.name)'.")
            }
            guard let value = try value(member.value, as: field.type, variable: variable) else { continue }
            result.append(.init(name: field.wireName, value: value))
        }
        return JSONObject(result)
    }

    static func field(_ name: String, of object: GraphQLInputObject) throws(GraphQLError) -> GraphQLInputObject.Field {
        guard let field = object[name] else {
            throw GraphQLError("Field '\(name)' is not defined by type '\(object.name)'.")
        }
        return field
    }
}

extension GraphQLLiteral {
    /// The literal as JSON; `nil` for names, variables, lists and objects.
    fileprivate var json: JSONValue? {
        switch self {
        case .int(let digits): Int64(digits).map { .integer($0) } ?? Double(digits).map { .number($0) }
        case .float(let digits): Double(digits).map { .number($0) }
        case .string(let text): .string(text)
        case .bool(let value): .bool(value)
        case .null, .variable, .enumeration, .list, .object: nil
        }
    }
}

extension GraphQLLiteral: CustomStringConvertible {
    /// The literal in GraphQL's syntax.
    var description: String {
        switch self {
        case .variable(let name): "$\(name)"
        case .int(let text), .float(let text), .enumeration(let text): text
        case .string(let text): JSONValue.string(text).jsonString
        case .bool(let value): "\(value)"
        case .null: "null"
        case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
        case .object(let members): "{\(members.map { "\($0.name): \($0.value)" }.joined(separator: ", "))}"
        }
    }
}

internal import WireProtocol

/// Coerces variables, whose values are sent as JSON next to the document.
extension GraphQLInputCoercion {
    /// The values of an operation's variables; variables without a value are omitted.
    static func variables(
        _ definitions: [GraphQLVariableDefinition], values: JSONObject, schema: GraphQLSchema
    ) throws(GraphQLError) -> [String: JSONValue] {
        var result: [String: JSONValue] = [:]
        for definition in definitions {
            // Validation has ensured that the type exists.
            guard let type = schema.input(definition.type) else { continue }
            result[definition.name] = try value(of: definition, as: type, in: values)
        }
        return result
    }

    private static func value(
        of definition: GraphQLVariableDefinition, as type: GraphQLInputType, in values: JSONObject
    ) throws(GraphQLError) -> JSONValue? {
        let name = definition.name
        guard let value = values[name] else {
            if let literal = definition.defaultValue {
                return try self.value(literal, as: type) { _, _ throws(GraphQLError) in nil }
            }
            guard !type.isNonNull else {
                throw GraphQLError("Variable '$\(name)' of required type '\(type)' was not provided.")
            }
            return nil
        }
        guard value != .null || !type.isNonNull else {
            throw GraphQLError("Variable '$\(name)' of non-null type '\(type)' must not be null.")
        }
        var cursor = Cursor(path: name, value: value)
        do throws(GraphQLError) {
            return try json(value, as: type, &cursor)
        } catch {
            let position = cursor.path == name ? "" : " at '\(cursor.path)'"
            throw GraphQLError("Variable '$\(name)' got invalid value \(cursor.value.pythonExcerpt())\(position); \(error.message)")
        }
    }

    /// The current position within a variable's value.
    private struct Cursor {
        var path: String
        var value: JSONValue

        mutating func enter(_ path: String, _ value: JSONValue) { self = Cursor(path: path, value: value) }
    }

    /// - Parameter cursor: after an error, points to the invalid value.
    private static func json(
        _ value: JSONValue, as type: GraphQLInputType, _ cursor: inout Cursor
    ) throws(GraphQLError) -> JSONValue {
        switch type {
        case .nonNull(let inner):
            guard value != .null else { throw GraphQLError("Expected non-nullable type '\(type)' not to be None.") }
            return try json(value, as: inner, &cursor)
        case _ where value == .null: return .null
        case .list(let element):
            guard case .array(let items) = value else { return .array([try json(value, as: element, &cursor)]) }
            let path = cursor.path
            var values: [JSONValue] = []
            for (index, item) in items.enumerated() {
                cursor.enter("\(path)[\(index)]", item)
                values.append(try json(item, as: element, &cursor))
            }
            cursor.enter(path, value)
            return .array(values)
        case .object(let object):
            guard case .object(let members) = value else {
                throw GraphQLError("Expected type '\(object.name)' to be a mapping.")
            }
            let path = cursor.path
            var result: [JSONObject.Member] = []
            for member in members.members {
                let field = try field(member.name, of: object)
                cursor.enter("\(path).\(member.name)", member.value)
                result.append(.init(name: field.wireName, value: try json(member.value, as: field.type, &cursor)))
                cursor.enter(path, value)
            }
            return .object(JSONObject(result))
        case .enumeration(let enumeration):
            guard case .string(let name) = value else { throw enumeration.mismatch(value.pythonExcerpt()) }
            return try enumeration.value(name)
        case .scalar(let scalar):
            return try scalar.value(value, written: value.pythonExcerpt())
        }
    }
}

internal import WireProtocol

/// The fields that an operation selects from an object, with fragments resolved, equal fields merged, and directives applied.
struct GraphQLSelectionSet: Sendable {
    var fields: [GraphQLSelectedField] = []

    /// Whether a field with this name is selected, under any response key.
    func contains(_ name: String) -> Bool { fields.contains { $0.name == name } }

    /// The selection set of the field with this name.
    subscript(name: String) -> GraphQLSelectionSet {
        GraphQLSelectionSet(fields: fields.filter { $0.name == name }.flatMap(\.selection.fields))
    }
}

struct GraphQLSelectedField: Sendable {
    /// The name of the member in the response.
    let responseKey: String
    let name: String
    /// The argument `input`, with the member names of MLflow's REST messages; `nil` if it is omitted or null.
    let input: JSONObject?
    let selection: GraphQLSelectionSet
}

/// Resolves the fragments, directives and variables of an operation.
struct GraphQLFieldCollector {
    private let fragments: [String: GraphQLFragment]
    private let variables: [String: JSONValue]

    /// - Parameter variables: the values of the operation's variables; variables without a value are omitted.
    init(_ document: GraphQLDocument, variables: [String: JSONValue]) {
        fragments = Dictionary(document.fragments.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.variables = variables
    }

    /// Several fields with the same response key, which become a single field of the response.
    private struct Group {
        var field: GraphQLField
        var selections: [GraphQLSelection]
    }

    /// - Parameter definition: the type to select from. The document must have been validated against it.
    func selectionSet(
        _ selections: [GraphQLSelection], of definition: GraphQLObjectDefinition
    ) throws(GraphQLError) -> GraphQLSelectionSet {
        var result = GraphQLSelectionSet()
        for group in try groups(selections) {
            let field = definition[group.field.name]
            var input: JSONObject?
            if let argument = field?.argument, let literal = group.field.arguments.first(where: { $0.name == argument.name })?.value {
                input = try value(literal, as: argument.type)?.objectValue
            }
            var selection = GraphQLSelectionSet()
            if let object = field?.object { selection = try selectionSet(group.selections, of: object) }
            result.fields.append(
                GraphQLSelectedField(
                    responseKey: group.field.responseKey, name: group.field.name, input: input, selection: selection))
        }
        return result
    }

    /// The fields of one selection set in document order. Resolves fragments without recursion, because they may form a long chain.
    private func groups(_ selections: [GraphQLSelection]) throws(GraphQLError) -> [Group] {
        var groups: [Group] = []
        var positions: [String: Int] = [:]
        var spread: Set<String> = []
        var pending = Array(selections.reversed())
        while let selection = pending.popLast() {
            switch selection {
            case .field(let field):
                guard try isIncluded(field.directives) else { continue }
                if let position = positions[field.responseKey] {
                    try Self.checkSame(groups[position].field, field)
                    groups[position].selections += field.selections
                } else {
                    positions[field.responseKey] = groups.count
                    groups.append(Group(field: field, selections: field.selections))
                }
            case .inlineFragment(_, let directives, let selections):
                guard try isIncluded(directives) else { continue }
                pending += selections.reversed()
            case .fragmentSpread(let name, let directives):
                guard try isIncluded(directives), let fragment = fragments[name], spread.insert(name).inserted else { continue }
                pending += fragment.selections.reversed()
            }
        }
        return groups
    }

    private static func checkSame(_ first: GraphQLField, _ second: GraphQLField) throws(GraphQLError) {
        let reason: String
        if first.name != second.name {
            reason = "'\(first.name)' and '\(second.name)' are different fields"
        } else if Set(first.arguments) != Set(second.arguments) {
            reason = "they have differing arguments"
        } else {
            return
        }
        throw GraphQLError(
            """
            Fields '\(first.responseKey)' conflict because \(reason). Use different aliases on the fields to fetch both if this was \
            intentional.
            """)
    }

    private func isIncluded(_ directives: [GraphQLDirective]) throws(GraphQLError) -> Bool {
        for directive in directives where directive.name == "include" || directive.name == "skip" {
            guard let condition = directive.arguments.first(where: { $0.name == "if" })?.value else { continue }
            let holds = try value(condition, as: .nonNull(.scalar(.boolean)))?.boolValue ?? false
            if holds == (directive.name == "skip") { return false }
        }
        return true
    }

    private func value(_ literal: GraphQLLiteral, as type: GraphQLInputType) throws(GraphQLError) -> JSONValue? {
        try GraphQLInputCoercion.value(literal, as: type) { name, type throws(GraphQLError) in
            let value = variables[name]
            guard value != .null || !type.isNonNull else {
                throw GraphQLError("Variable '$\(name)' of type '\(type)' must not be null.")
            }
            return value
        }
    }
}

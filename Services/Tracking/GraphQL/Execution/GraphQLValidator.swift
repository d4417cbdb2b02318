internal import WireProtocol

/// Validates a document against the schema, with the rules of GraphQL's specification (section "Validation") and the messages of
/// the library that MLflow uses.
struct GraphQLValidator {
    private let schema: GraphQLSchema
    private let document: GraphQLDocument
    private let fragments: [String: GraphQLFragment]
    private let maximumErrors: Int
    private var errors: [GraphQLError] = []
    /// The variables and fragments used by the current definition.
    private var uses = GraphQLDefinitionUses()

    /// - Returns: the errors in document order, up to a limit; empty if the document is valid.
    static func errors(
        in document: GraphQLDocument, schema: GraphQLSchema, limits: GraphQLLimits = .standard
    ) -> [GraphQLError] {
        var validator = GraphQLValidator(document, schema, maximumErrors: limits.errors)
        validator.checkDocument()
        return validator.errors
    }

    private init(_ document: GraphQLDocument, _ schema: GraphQLSchema, maximumErrors: Int) {
        self.document = document
        self.schema = schema
        self.maximumErrors = maximumErrors
        fragments = Dictionary(document.fragments.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private mutating func report(_ error: GraphQLError) {
        if errors.count < maximumErrors { errors.append(error) }
    }

    private mutating func report(_ message: String) { report(GraphQLError("\(untruncated: message)")) }

    // MARK: Definitions

    private mutating func checkDocument() {
        checkUnique(document.operations.compactMap(\.name), "operation")
        checkUnique(document.fragments.map(\.name), "fragment")
        if document.operations.count > 1, document.operations.contains(where: { $0.name == nil }) {
            report("This anonymous operation must be the only defined operation.")
        }
        var usesOfFragments: [String: GraphQLDefinitionUses] = [:]
        for fragment in document.fragments {
            uses = GraphQLDefinitionUses()
            check(fragment)
            usesOfFragments[fragment.name] = uses
        }
        let graph = GraphQLFragmentGraph(usesOfFragments)
        for cycle in graph.cycles(limit: maximumErrors) { report(cycle) }
        var reached: Set<String> = []
        for operation in document.operations {
            uses = GraphQLDefinitionUses()
            check(operation)
            let names = graph.reachable(from: uses.fragments)
            reached.formUnion(names)
            checkVariables(of: operation, uses.variables + names.sorted().flatMap { usesOfFragments[$0]?.variables ?? [] })
        }
        for fragment in document.fragments where !reached.contains(fragment.name) {
            report("Fragment '\(fragment.name.excerpt())' is never used.")
        }
    }

    private mutating func check(_ operation: GraphQLOperation) {
        guard let root = schema.root(of: operation.kind) else {
            return report("Schema is not configured to execute \(operation.kind.rawValue) operation.")
        }
        checkUnique(operation.variables.map { "$" + $0.name }, "variable")
        for variable in operation.variables { check(variable) }
        let location: GraphQLDirectiveDefinition.Location = operation.kind == .query ? .query : .mutation
        check(operation.directives, at: location)
        check(operation.selections, of: root)
    }

    private mutating func check(_ variable: GraphQLVariableDefinition) {
        check(variable.directives, at: .variableDefinition)
        guard let type = schema.input(variable.type) else {
            let name = variable.type.name
            return report(
                schema.hasType(named: name)
                    ? "Variable '$\(variable.name.excerpt())' cannot be non-input type '\(name.excerpt())'."
                    : "Unknown type '\(name.excerpt())'.")
        }
        if let value = variable.defaultValue { check(value, as: type) }
    }

    private mutating func check(_ fragment: GraphQLFragment) {
        check(fragment.directives, at: .fragmentDefinition)
        guard let object = schema.object(named: fragment.type) else {
            return report(
                schema.hasType(named: fragment.type)
                    ? "Fragment '\(fragment.name.excerpt())' cannot condition on non composite type '\(fragment.type.excerpt())'."
                    : "Unknown type '\(fragment.type.excerpt())'.")
        }
        check(fragment.selections, of: object)
    }

    private mutating func checkVariables(of operation: GraphQLOperation, _ uses: [GraphQLDefinitionUses.Variable]) {
        let definitions = Dictionary(operation.variables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let owner = operation.name.map { " by operation '\($0.excerpt())'" } ?? ""
        for use in uses {
            guard let definition = definitions[use.name] else {
                report("Variable '$\(use.name.excerpt())' is not defined\(owner).")
                continue
            }
            guard let type = schema.input(definition.type) else { continue }
            let hasDefault = definition.defaultValue.map { $0 != .null } ?? false
            if !type.isCompatible(with: hasDefault ? use.type.nullable : use.type) {
                report("Variable '$\(use.name.excerpt())' of type '\(type)' used in position expecting type '\(use.type)'.")
            }
        }
        let used = Set(uses.map(\.name))
        for variable in operation.variables where !used.contains(variable.name) {
            let owner = operation.name.map { " in operation '\($0.excerpt())'" } ?? ""
            report("Variable '$\(variable.name.excerpt())' is never used\(owner).")
        }
    }

    // MARK: Selections

    private mutating func check(_ selections: [GraphQLSelection], of object: GraphQLObjectDefinition) {
        for selection in selections {
            switch selection {
            case .field(let field):
                check(field.directives, at: .field)
                check(field, of: object)
            case .inlineFragment(let type, let directives, let selections):
                check(directives, at: .inlineFragment)
                guard type == nil || type == object.name else {
                    report(Self.misplaced("Fragment", type ?? "", object, schema))
                    continue
                }
                check(selections, of: object)
            case .fragmentSpread(let name, let directives):
                check(directives, at: .fragmentSpread)
                uses.fragments.insert(name)
                guard let fragment = fragments[name] else {
                    report("Unknown fragment '\(name.excerpt())'.")
                    continue
                }
                if fragment.type != object.name, schema.object(named: fragment.type) != nil {
                    report(Self.misplaced("Fragment '\(name.excerpt())'", fragment.type, object, schema))
                }
            }
        }
    }

    private static func misplaced(
        _ fragment: String, _ type: String, _ object: GraphQLObjectDefinition, _ schema: GraphQLSchema
    ) -> String {
        guard schema.hasType(named: type) else { return "Unknown type '\(type.excerpt())'." }
        return "\(fragment) cannot be spread here as objects of type '\(object.name)' can never be of type '\(type)'."
    }

    private mutating func check(_ field: GraphQLField, of object: GraphQLObjectDefinition) {
        let isTypeName = field.name == "__typename"
        guard let definition = isTypeName ? Self.typeName : object[field.name] else {
            return report("Cannot query field '\(field.name.excerpt())' on type '\(object.name)'.")
        }
        check(
            field.arguments, known: definition.argument,
            unknown: { "Unknown argument '\($0.excerpt())' on field '\(object.name).\(field.name)'." })
        switch (definition.object, field.selections.isEmpty) {
        case (let child?, false): check(field.selections, of: child)
        case (nil, false):
            report("Field '\(field.name)' must not have a selection since type '\(definition.type)' has no subfields.")
        case (_?, true):
            report(
                """
                Field '\(field.name)' of type '\(definition.type)' must have a selection of subfields. Did you mean \
                '\(field.name) { ... }'?
                """)
        case (nil, true): break
        }
    }

    private static let typeName = GraphQLFieldDefinition(name: "__typename", type: .nonNull(.named("String")), object: nil)

    // MARK: Arguments and directives

    private mutating func check(_ arguments: [GraphQLArgument], known: GraphQLArgumentDefinition?, unknown: (String) -> String) {
        checkUnique(arguments.map(\.name), "argument")
        for argument in arguments {
            if let known, known.name == argument.name {
                check(argument.value, as: known.type)
            } else {
                report(unknown(argument.name))
            }
        }
    }

    private mutating func check(_ directives: [GraphQLDirective], at location: GraphQLDirectiveDefinition.Location) {
        var known: Set<String> = []
        for directive in directives {
            let name = directive.name.excerpt()
            guard let definition = schema.directives[directive.name] else {
                report("Unknown directive '@\(name)'.")
                continue
            }
            guard definition.locations.contains(location) else {
                report("Directive '@\(name)' may not be used on \(location.rawValue).")
                continue
            }
            if !known.insert(directive.name).inserted {
                report("The directive '@\(name)' can only be used once at this location.")
            }
            check(
                directive.arguments, known: definition.argument,
                unknown: { "Unknown argument '\($0.excerpt())' on directive '@\(name)'." })
            if definition.argument.type.isNonNull, !directive.arguments.contains(where: { $0.name == definition.argument.name }) {
                report(
                    """
                    Directive '@\(name)' argument '\(definition.argument.name)' of type '\(definition.argument.type)' is required, but \
                    it was not provided.
                    """)
            }
        }
    }

    private mutating func check(_ literal: GraphQLLiteral, as type: GraphQLInputType) {
        var variables: [GraphQLDefinitionUses.Variable] = []
        do throws(GraphQLError) {
            _ = try GraphQLInputCoercion.value(literal, as: type) { name, type throws(GraphQLError) in
                variables.append(.init(name: name, type: type))
                return nil
            }
        } catch {
            report(error)
        }
        uses.variables += variables
    }

    private mutating func checkUnique(_ names: [String], _ kind: String) {
        var known: Set<String> = []
        for name in names where !known.insert(name).inserted {
            report("There can be only one \(kind) named '\(name.excerpt())'.")
        }
    }
}

extension GraphQLTypeReference {
    /// The name of the type without brackets and exclamation marks.
    var name: String {
        switch self {
        case .named(let name): name
        case .list(let type), .nonNull(let type): type.name
        }
    }
}

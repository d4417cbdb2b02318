internal import WireProtocol

/// Parses the executable part of GraphQL's grammar: operations and fragments (spec.graphql.org, "Document").
struct GraphQLParser {
    private var lexer: GraphQLLexer
    private var token: GraphQLToken
    private var depth = 0
    private let limits: GraphQLLimits

    static func parse(_ document: String, limits: GraphQLLimits = .standard) throws(GraphQLError) -> GraphQLDocument {
        var parser = try GraphQLParser(document, limits)
        return try parser.document()
    }

    private init(_ document: String, _ limits: GraphQLLimits) throws(GraphQLError) {
        self.limits = limits
        lexer = GraphQLLexer(document, maximumTokens: limits.tokens)
        token = try lexer.next()
    }

    // MARK: Definitions

    private mutating func document() throws(GraphQLError) -> GraphQLDocument {
        var document = GraphQLDocument()
        repeat {
            if token.kind == .name("fragment") {
                document.fragments.append(try fragment())
            } else {
                document.operations.append(try operation())
            }
        } while token.kind != .end
        return document
    }

    private mutating func operation() throws(GraphQLError) -> GraphQLOperation {
        if token.kind == .punctuator(.openBrace) { return GraphQLOperation(kind: .query, selections: try selections()) }
        guard case .name(let keyword) = token.kind, let kind = GraphQLOperation.Kind(rawValue: keyword) else { throw unexpected() }
        try advance()
        var operation = GraphQLOperation(kind: kind, selections: [])
        if case .name = token.kind { operation.name = try name() }
        if try skip(.openParenthesis) {
            repeat { operation.variables.append(try variableDefinition()) } while try !skip(.closeParenthesis)
        }
        operation.directives = try directives(areConstant: false)
        operation.selections = try selections()
        return operation
    }

    private mutating func variableDefinition() throws(GraphQLError) -> GraphQLVariableDefinition {
        let name = try variable()
        try expect(.colon)
        let type = try type()
        let defaultValue = try skip(.equals) ? try value(isConstant: true) : nil
        return GraphQLVariableDefinition(
            name: name, type: type, defaultValue: defaultValue, directives: try directives(areConstant: true))
    }

    private mutating func fragment() throws(GraphQLError) -> GraphQLFragment {
        try advance()
        guard token.kind != .name("on") else { throw unexpected() }
        let name = try name()
        guard token.kind == .name("on") else { throw unexpected(expected: "\"on\"") }
        try advance()
        let type = try self.name()
        let directives = try directives(areConstant: false)
        return GraphQLFragment(name: name, type: type, directives: directives, selections: try selections())
    }

    // MARK: Selections

    private mutating func selections() throws(GraphQLError) -> [GraphQLSelection] {
        try descend()
        try expect(.openBrace)
        var selections: [GraphQLSelection] = []
        repeat { selections.append(try selection()) } while try !skip(.closeBrace)
        depth -= 1
        return selections
    }

    private mutating func selection() throws(GraphQLError) -> GraphQLSelection {
        guard try skip(.spread) else { return .field(try field()) }
        if case .name(let name) = token.kind, name != "on" {
            try advance()
            return .fragmentSpread(name: name, directives: try directives(areConstant: false))
        }
        var type: String?
        if token.kind == .name("on") {
            try advance()
            type = try name()
        }
        let directives = try directives(areConstant: false)
        return .inlineFragment(type: type, directives: directives, selections: try selections())
    }

    private mutating func field() throws(GraphQLError) -> GraphQLField {
        var field = GraphQLField(name: try name())
        if try skip(.colon) {
            field.alias = field.name
            field.name = try name()
        }
        field.arguments = try arguments(areConstant: false)
        field.directives = try directives(areConstant: false)
        if token.kind == .punctuator(.openBrace) { field.selections = try selections() }
        return field
    }

    private mutating func arguments(areConstant: Bool) throws(GraphQLError) -> [GraphQLArgument] {
        var arguments: [GraphQLArgument] = []
        guard try skip(.openParenthesis) else { return arguments }
        repeat { arguments.append(try argument(isConstant: areConstant)) } while try !skip(.closeParenthesis)
        return arguments
    }

    private mutating func argument(isConstant: Bool) throws(GraphQLError) -> GraphQLArgument {
        let name = try name()
        try expect(.colon)
        return GraphQLArgument(name: name, value: try value(isConstant: isConstant))
    }

    private mutating func directives(areConstant: Bool) throws(GraphQLError) -> [GraphQLDirective] {
        var directives: [GraphQLDirective] = []
        while try skip(.at) {
            directives.append(GraphQLDirective(name: try name(), arguments: try arguments(areConstant: areConstant)))
        }
        return directives
    }

    // MARK: Values and types

    /// - Parameter isConstant: whether variables are disallowed.
    private mutating func value(isConstant: Bool) throws(GraphQLError) -> GraphQLLiteral {
        switch token.kind {
        case .punctuator(.openBracket): return .list(try list(isConstant: isConstant))
        case .punctuator(.openBrace): return .object(try object(isConstant: isConstant))
        case .punctuator(.dollar) where !isConstant: return .variable(try variable())
        case .int(let digits): return try single(.int(digits))
        case .float(let digits): return try single(.float(digits))
        case .string(let text): return try single(.string(text))
        case .name("true"): return try single(.bool(true))
        case .name("false"): return try single(.bool(false))
        case .name("null"): return try single(.null)
        case .name(let name): return try single(.enumeration(name))
        default: throw unexpected()
        }
    }

    /// Consumes the current token and returns its value.
    private mutating func single(_ value: GraphQLLiteral) throws(GraphQLError) -> GraphQLLiteral {
        try advance()
        return value
    }

    private mutating func list(isConstant: Bool) throws(GraphQLError) -> [GraphQLLiteral] {
        try descend()
        try advance()
        var values: [GraphQLLiteral] = []
        while try !skip(.closeBracket) { values.append(try value(isConstant: isConstant)) }
        depth -= 1
        return values
    }

    private mutating func object(isConstant: Bool) throws(GraphQLError) -> [GraphQLArgument] {
        try descend()
        try advance()
        var members: [GraphQLArgument] = []
        while try !skip(.closeBrace) { members.append(try argument(isConstant: isConstant)) }
        depth -= 1
        return members
    }

    private mutating func variable() throws(GraphQLError) -> String {
        try expect(.dollar)
        return try name()
    }

    private mutating func type() throws(GraphQLError) -> GraphQLTypeReference {
        try descend()
        let type: GraphQLTypeReference
        if try skip(.openBracket) {
            type = .list(try self.type())
            try expect(.closeBracket)
        } else {
            type = .named(try name())
        }
        depth -= 1
        return try skip(.exclamationMark) ? .nonNull(type) : type
    }

    // MARK: Tokens

    private mutating func advance() throws(GraphQLError) { token = try lexer.next() }

    private mutating func name() throws(GraphQLError) -> String {
        guard case .name(let name) = token.kind else { throw unexpected(expected: "Name") }
        try advance()
        return name
    }

    private mutating func expect(_ punctuator: GraphQLPunctuator) throws(GraphQLError) {
        guard try skip(punctuator) else { throw unexpected(expected: "'\(punctuator.rawValue)'") }
    }

    /// Skips a token of this kind if it is next.
    ///
    /// - Returns: whether a token was skipped.
    private mutating func skip(_ punctuator: GraphQLPunctuator) throws(GraphQLError) -> Bool {
        guard token.kind == .punctuator(punctuator) else { return false }
        try advance()
        return true
    }

    /// Enters a nested construct, and checks the nesting limit.
    private mutating func descend() throws(GraphQLError) {
        guard depth < limits.nesting else {
            throw .syntax("The query is nested deeper than \(limits.nesting) levels", at: token.position)
        }
        depth += 1
    }

    private func unexpected() -> GraphQLError { .syntax("Unexpected \(token.text)", at: token.position) }

    private func unexpected(expected: String) -> GraphQLError {
        .syntax("Expected \(expected), found \(token.text)", at: token.position)
    }
}

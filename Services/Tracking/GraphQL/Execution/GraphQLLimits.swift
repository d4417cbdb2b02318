internal import WireProtocol

/// How much a request may ask for. The first four are MLflow's; all are checked before anything is read from a store.
struct GraphQLLimits: Sendable {
    /// Fields inside one another.
    var depth = 10
    /// Fields in all, counted once for each place where their fragment is spread.
    var selections = 1_000
    /// Fields of the operation itself, each of which is a call of its own.
    var rootFields = 10
    /// Aliases in one place.
    var aliases = 10
    /// Tokens of the document. An operation with 1,000 fields has a few thousand.
    var tokens = 20_000
    /// Braces and brackets inside one another, which bounds the use of the stack.
    var nesting = 64
    /// Bytes of the request's body.
    var bodyBytes = 1 << 20
    /// Errors that are reported of one document.
    var errors = 20

    static let standard = GraphQLLimits()
}

/// Measures what the operations of a document ask for, as MLflow does. Cyclic fragments end at the limit of depth.
struct GraphQLComplexityCheck {
    private let limits: GraphQLLimits
    private let fragments: [String: GraphQLFragment]
    private var rootFields = 0
    private var aliases = 0
    private var selections = 0
    /// Selections of all kinds that have been looked at; bounds the time, as fragments without fields count for nothing else.
    private var steps = 0

    /// - Throws: when a limit is exceeded, with MLflow's message.
    static func check(_ document: GraphQLDocument, limits: GraphQLLimits = .standard) throws(GraphQLError) {
        var measurement = GraphQLComplexityCheck(document, limits)
        for operation in document.operations { try measurement.measure(operation) }
        if measurement.rootFields > limits.rootFields {
            throw excess(of: "root fields", measurement.rootFields, limits.rootFields)
        }
        if measurement.aliases > limits.aliases { throw excess(of: "aliases", measurement.aliases, limits.aliases) }
    }

    private init(_ document: GraphQLDocument, _ limits: GraphQLLimits) {
        self.limits = limits
        fragments = Dictionary(document.fragments.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    }

    /// MLflow's message goes on with the environment variable that raises its limit; ours is fixed.
    private static func excess(of what: String, _ count: Int, _ limit: Int) -> GraphQLError {
        GraphQLError("GraphQL queries should have at most \(limit) \(what), got \(count) \(what).")
    }

    private mutating func measure(_ operation: GraphQLOperation) throws(GraphQLError) {
        var pending = [(selections: operation.selections, depth: 1)]
        while let (selections, depth) = pending.popLast() {
            guard depth <= limits.depth else { throw GraphQLError("Query exceeds maximum depth of \(limits.depth)") }
            let fields = try fields(of: selections)
            aliases = max(aliases, fields.count { $0.alias != nil })
            // At least one, so that there can't be many operations that are empty in effect.
            if depth == 1 { rootFields += max(1, fields.count) }
            for field in fields where !field.selections.isEmpty { pending.append((field.selections, depth + 1)) }
            self.selections += fields.count
            guard self.selections <= limits.selections else { throw tooManySelections }
        }
    }

    /// The fields of one place, with those of its fragments, each of which counts once.
    private mutating func fields(of selections: [GraphQLSelection]) throws(GraphQLError) -> [GraphQLField] {
        var fields: [GraphQLField] = []
        var spread: Set<String> = []
        var pending = selections
        while let selection = pending.popLast() {
            steps += 1
            guard steps <= 20 * limits.selections else { throw tooManySelections }
            switch selection {
            case .field(let field): fields.append(field)
            case .inlineFragment(_, _, let selections): pending += selections
            case .fragmentSpread(let name, _):
                if spread.insert(name).inserted, let fragment = fragments[name] { pending += fragment.selections }
            }
        }
        return fields
    }

    private var tooManySelections: GraphQLError {
        GraphQLError("Query exceeds maximum total selections of \(limits.selections)")
    }
}

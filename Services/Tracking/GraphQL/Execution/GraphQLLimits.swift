internal import WireProtocol

/// The limits of a request. The first four are MLflow's; all are checked before any data is read.
struct GraphQLLimits: Sendable {
    /// The maximum nesting of fields.
    var depth = 10
    /// The maximum number of fields in total, counted once for each place where their fragment is spread.
    var selections = 1_000
    /// The maximum number of fields of the operation itself, each of which is a separate call.
    var rootFields = 10
    /// The maximum number of aliases in one selection set.
    var aliases = 10
    /// The maximum number of tokens of the document. An operation with 1,000 fields has a few thousand.
    var tokens = 20_000
    /// The maximum nesting of braces and brackets, which bounds stack usage.
    var nesting = 64
    /// The maximum size of the request body in bytes.
    var bodyBytes = 1 << 20
    /// The maximum number of errors that are reported for a document.
    var errors = 20

    static let standard = GraphQLLimits()
}

/// Measures the complexity of a document's operations, as MLflow does. Cyclic fragments end at the depth limit.
struct GraphQLComplexityCheck {
    private let limits: GraphQLLimits
    private let fragments: [String: GraphQLFragment]
    private var rootFields = 0
    private var aliases = 0
    private var selections = 0
    /// The number of selections visited, of any kind. It bounds the run time, because fragments without fields count toward no
    /// other limit.
    private var steps = 0

    /// - Throws: MLflow's message if a limit is exceeded.
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

    /// MLflow's message continues with the environment variable that raises its limit; ours is fixed.
    private static func excess(of what: String, _ count: Int, _ limit: Int) -> GraphQLError {
        GraphQLError("GraphQL queries should have at most \(limit) \(what), got \(count) \(what).")
    }

    private mutating func measure(_ operation: GraphQLOperation) throws(GraphQLError) {
        var pending = [(selections: operation.selections, depth: 1)]
        while let (selections, depth) = pending.popLast() {
            guard depth <= limits.depth else { throw GraphQLError("Query exceeds maximum depth of \(limits.depth)") }
            let fields = try fields(of: selections)
            aliases = max(aliases, fields.count { $0.alias != nil })
            // Counts at least one, so that the number of operations without fields is bounded too.
            if depth == 1 { rootFields += max(1, fields.count) }
            for field in fields where !field.selections.isEmpty { pending.append((field.selections, depth + 1)) }
            self.selections += fields.count
            guard self.selections <= limits.selections else { throw tooManySelections }
        }
    }

    /// The fields of one selection set, including those of its fragments, each of which counts once.
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

internal import WireProtocol

/// Tokens or costs of a call or of a whole trace: amounts by MLflow's names.
struct Usage: Sendable, Equatable {
    /// Which amounts there are, in the order in which MLflow writes them (mlflow/tracing/constant.py).
    enum Kind: Sendable {
        case tokens, cost

        fileprivate var required: [String] {
            switch self {
            case .tokens: ["input_tokens", "output_tokens", "total_tokens"]
            case .cost: ["input_cost", "output_cost", "total_cost"]
            }
        }

        fileprivate var optional: [String] {
            self == .tokens
                ? ["cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation_input_tokens_above_1hr"] : []
        }
    }

    let kind: Kind
    private var amounts: [String: Double] = [:]

    private init(_ kind: Kind) { self.kind = kind }

    /// Reads what an attribute of a span says; also from a text that holds JSON.
    ///
    /// - Returns: `nil` for anything but an object with amounts.
    init?(_ kind: Kind, _ value: AttributeValue?) {
        guard case .object(let members)? = value?.decoded else { return nil }
        self.init(kind)
        let names = kind.required + kind.optional
        for member in members where names.contains(member.key) {
            if let amount = member.value.json.doubleValue, amount.isFinite { amounts[member.key] = amount }
        }
        guard !amounts.isEmpty else { return nil }
    }

    /// Reads what `text` has stored; `nil` for an empty text.
    init?(_ kind: Kind, text: String) {
        guard !text.isEmpty, let value = try? JSONValue(parsing: text) else { return nil }
        self.init(kind, AttributeValue(value))
    }

    /// The amounts as JSON in Python's style, as clients compare it.
    var text: String {
        let names = kind.required + kind.optional.filter { amounts[$0] != nil }
        let members = names.map { name in
            let amount = amounts[name] ?? 0
            return "\"\(name)\": " + (kind == .tokens ? Int64(exactly: amount).map { "\($0)" } ?? "\(amount)" : "\(amount)")
        }
        return "{" + members.joined(separator: ", ") + "}"
    }

    /// The amount of that name; `nil` if it isn't known.
    subscript(name: String) -> Double? { amounts[name] }

    private mutating func add(_ other: Usage) {
        for (name, amount) in other.amounts { amounts[name, default: 0] += amount }
    }

    /// A span in the tree of a trace, with what it says it used.
    struct Node: Sendable {
        var id: String
        /// Empty for a root.
        var parent: String
        var usage: Usage?
    }

    /// What a trace used: the sum over the spans that say something, but for those below another one that does, whose sum it has
    /// already (MLflow's `aggregate_usage_from_spans`).
    ///
    /// - Returns: `nil` when no span says anything.
    static func sum(_ kind: Kind, _ nodes: some Collection<Node>) -> Usage? {
        guard nodes.contains(where: { $0.usage != nil }) else { return nil }
        let ids = Set(nodes.map(\.id))
        let children = Dictionary(grouping: nodes.filter { $0.parent != $0.id && ids.contains($0.parent) }, by: \.parent)
        var sum = Usage(kind)
        // Spans that are their own ancestors are reached by nobody, and so don't count.
        var pending = nodes.filter { $0.parent == $0.id || !ids.contains($0.parent) }
        while let node = pending.popLast() {
            if let usage = node.usage { sum.add(usage) } else { pending += children[node.id] ?? [] }
        }
        return sum.amounts.isEmpty ? nil : sum
    }
}

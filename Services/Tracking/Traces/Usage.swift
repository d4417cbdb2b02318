internal import WireProtocol

/// Token counts or costs of a call or of a whole trace, by MLflow's names.
struct Usage: Sendable, Equatable {
    /// The kind of amounts, whose names are listed in MLflow's order (mlflow/tracing/constant.py).
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

    /// Decodes a span's attribute, which may be an object or a string that contains it as JSON.
    ///
    /// - Returns: `nil` unless the value is an object with amounts.
    init?(_ kind: Kind, _ value: AttributeValue?) {
        guard case .object(let members)? = value?.decoded else { return nil }
        self.init(kind)
        let names = kind.required + kind.optional
        for member in members where names.contains(member.key) {
            if let amount = member.value.json.doubleValue, amount.isFinite { amounts[member.key] = amount }
        }
        guard !amounts.isEmpty else { return nil }
    }

    /// Decodes the stored form; `nil` for an empty string.
    init?(_ kind: Kind, text: String) {
        guard !text.isEmpty, let value = try? JSONValue(parsing: text) else { return nil }
        self.init(kind, AttributeValue(value))
    }

    /// The amounts in Python's JSON style, which clients compare.
    var text: String {
        let names = kind.required + kind.optional.filter { amounts[$0] != nil }
        let members = names.map { name in
            let amount = amounts[name] ?? 0
            return "\"\(name)\": " + (kind == .tokens ? Int64(exactly: amount).map { "\($0)" } ?? "\(amount)" : "\(amount)")
        }
        return "{" + members.joined(separator: ", ") + "}"
    }

    /// The amount with a name; `nil` if it is unknown.
    subscript(name: String) -> Double? { amounts[name] }

    private mutating func add(_ other: Usage) {
        for (name, amount) in other.amounts { amounts[name, default: 0] += amount }
    }

    /// A span in the tree of a trace, with the usage that it reports.
    struct Node: Sendable {
        var id: String
        /// Empty for a root span.
        var parent: String
        var usage: Usage?
    }

    /// The usage of a trace: the sum over all spans that report usage, except those below another reporting span, whose amounts
    /// already include theirs (MLflow's `aggregate_usage_from_spans`).
    ///
    /// - Returns: `nil` if no span reports usage.
    static func sum(_ kind: Kind, _ nodes: some Collection<Node>) -> Usage? {
        guard nodes.contains(where: { $0.usage != nil }) else { return nil }
        let ids = Set(nodes.map(\.id))
        let children = Dictionary(grouping: nodes.filter { $0.parent != $0.id && ids.contains($0.parent) }, by: \.parent)
        var sum = Usage(kind)
        // Spans that form a cycle are never reached, so they don't count.
        var pending = nodes.filter { $0.parent == $0.id || !ids.contains($0.parent) }
        while let node = pending.popLast() {
            if let usage = node.usage { sum.add(usage) } else { pending += children[node.id] ?? [] }
        }
        return sum.amounts.isEmpty ? nil : sum
    }
}

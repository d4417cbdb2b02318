internal import WireProtocol

/// The variables and fragments that an operation or a fragment uses.
struct GraphQLDefinitionUses: Sendable {
    /// A variable, and the type expected where it is used.
    struct Variable: Sendable {
        var name: String
        var type: GraphQLInputType
    }

    var variables: [Variable] = []
    var fragments: Set<String> = []
}

/// The graph of which fragments spread which others.
struct GraphQLFragmentGraph: Sendable {
    private let edges: [String: [String]]

    init(_ uses: [String: GraphQLDefinitionUses]) {
        edges = uses.mapValues { $0.fragments.sorted() }
    }

    /// The given fragments and all fragments that they spread, directly or indirectly.
    func reachable(from names: Set<String>) -> Set<String> {
        var reached = names
        var pending = Array(names)
        while let name = pending.popLast() {
            for next in edges[name] ?? [] where reached.insert(next).inserted { pending.append(next) }
        }
        return reached
    }

    /// The errors for all spreads that close a cycle. Traverses the graph without recursion, because chains of fragments may be
    /// long.
    ///
    /// - Parameter limit: the maximum number of errors to return.
    func cycles(limit: Int) -> [String] {
        var errors: [String] = []
        var done: Set<String> = []
        for start in edges.keys.sorted() where !done.contains(start) {
            // The path from the start; each step keeps the fragments that remain to be visited.
            var path = [(name: start, rest: edges[start] ?? [])]
            var onPath: Set = [start]
            while errors.count < limit, let step = path.last {
                guard let next = step.rest.last else {
                    done.insert(step.name)
                    onPath.remove(step.name)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].rest.removeLast()
                if onPath.contains(next) {
                    let via = path.map(\.name).drop { $0 != next }.dropFirst().map { "'\($0.excerpt())'" }
                    let route = via.isEmpty ? "" : " via " + via.prefix(5).joined(separator: ", ")
                    errors.append("Cannot spread fragment '\(next.excerpt())' within itself\(route).")
                } else if !done.contains(next) {
                    path.append((next, edges[next] ?? []))
                    onPath.insert(next)
                }
            }
        }
        return errors
    }
}

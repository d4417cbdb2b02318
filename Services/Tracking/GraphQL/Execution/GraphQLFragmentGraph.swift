internal import WireProtocol

/// What an operation or a fragment uses.
struct GraphQLDefinitionUses: Sendable {
    /// A variable, and the type that is expected where it is used.
    struct Variable: Sendable {
        var name: String
        var type: GraphQLInputType
    }

    var variables: [Variable] = []
    var fragments: Set<String> = []
}

/// Which fragments spread which.
struct GraphQLFragmentGraph: Sendable {
    private let edges: [String: [String]]

    init(_ uses: [String: GraphQLDefinitionUses]) {
        edges = uses.mapValues { $0.fragments.sorted() }
    }

    /// All fragments that are spread by the given ones, and these themselves.
    func reachable(from names: Set<String>) -> Set<String> {
        var reached = names
        var pending = Array(names)
        while let name = pending.popLast() {
            for next in edges[name] ?? [] where reached.insert(next).inserted { pending.append(next) }
        }
        return reached
    }

    /// An error for each spread that closes a cycle. Walks without recursion, as a chain of fragments may be long.
    ///
    /// - Parameter limit: how many errors are enough.
    func cycles(limit: Int) -> [String] {
        var errors: [String] = []
        var done: Set<String> = []
        for start in edges.keys.sorted() where !done.contains(start) {
            // The path from the start, each step with what is still to be visited from there.
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

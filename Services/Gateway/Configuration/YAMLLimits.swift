internal import Yams

/// Limits on the size of a YAML document. A file of a kilobyte can represent billions of values, since each alias represents all
/// values of its anchor, which may be aliases in turn.
enum YAMLLimits {
    /// Keys and values, with aliases expanded.
    static let maximumNodes = 100_000
    static let maximumDepth = 50

    /// Whether a document is within the limits. It is traversed only until a limit is exceeded.
    static func allows(_ root: Node) -> Bool {
        var pending = [(node: root, depth: 1)]
        var count = 1
        while let (node, depth) = pending.popLast() {
            guard depth <= maximumDepth else { return false }
            let children: [Node] =
                switch node {
                case .mapping(let mapping): mapping.flatMap { [$0.key, $0.value] }
                case .sequence(let sequence): Array(sequence)
                case .scalar, .alias: []
                }
            count += children.count
            guard count <= maximumNodes else { return false }
            pending += children.map { ($0, depth + 1) }
        }
        return true
    }
}

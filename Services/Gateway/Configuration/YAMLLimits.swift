internal import Yams

/// How large a YAML document may be. A file of a kilobyte can stand for billions of values: each alias stands for all that its anchor
/// holds, which may be aliases again.
enum YAMLLimits {
    /// Keys and values, counted wherever an alias stands for them.
    static let maximumNodes = 100_000
    static let maximumDepth = 50

    /// Whether a document stays within the limits; it isn't read further than they go.
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

/// Parses JSON inside the strings of a document, such as the arguments of tool calls. All of them together may have as many nodes as a
/// document, so that many strings can't use more memory than one.
package struct NestedJSONParser: Sendable {
    private var nodesLeft: Int
    private let maximumDepth: Int

    package init(limits: JSONLimits = .standard) {
        nodesLeft = limits.maximumNodes
        maximumDepth = limits.maximumDepth
    }

    /// Parses a string; returns `nil` when it isn't JSON, or when there would be too many nodes.
    package mutating func value(_ text: String) -> JSONValue? {
        let limits = JSONLimits(maximumNodes: nodesLeft, maximumDepth: maximumDepth)
        guard let value = try? JSONValue(parsing: text, limits: limits) else { return nil }
        nodesLeft -= value.nodeCount
        return value
    }
}

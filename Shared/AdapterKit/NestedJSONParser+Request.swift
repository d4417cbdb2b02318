package import JSON

extension NestedJSONParser {
    /// Creates a parser for strings of a request that contain JSON, such as the arguments of tool calls. The strings and the request's
    /// messages together may have as many nodes as a request. If the operator allows larger requests than the standard limit, the strings
    /// may contain as many nodes as the messages.
    package init(within messages: [JSONValue], limits: JSONLimits = .standard) {
        let used = messages.reduce(0) { $0 + $1.nodeCount }
        let allowed = used <= limits.maximumNodes ? limits.maximumNodes : 2 * used
        self.init(limits: JSONLimits(maximumNodes: allowed - used, maximumDepth: limits.maximumDepth))
    }
}

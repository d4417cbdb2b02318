package import JSON

extension NestedJSONParser {
    /// A reader for the strings of a request that hold JSON, such as the arguments of tool calls: what they hold and the request's messages
    /// may together have as many nodes as a request. Where the operator allows more than the standard limit, the strings may hold as much
    /// as stands around them.
    package init(within messages: [JSONValue], limits: JSONLimits = .standard) {
        let used = messages.reduce(0) { $0 + $1.nodeCount }
        let allowed = used <= limits.maximumNodes ? limits.maximumNodes : 2 * used
        self.init(limits: JSONLimits(maximumNodes: allowed - used, maximumDepth: limits.maximumDepth))
    }
}

import JSON

@testable import Tracking

extension FuzzTarget {
    static let graphql = [
        FuzzTarget(name: "graphql") { bytes in
            // The query and, after a zero byte, the variables.
            let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
            let limits = JSONLimits(maximumNodes: 10_000)
            let variables = parts.count > 1 ? try? JSONValue(parsing: parts[1], limits: limits) : nil
            let request = GraphQLRequest(
                query: String(decoding: parts[0], as: UTF8.self), variables: variables?.objectValue ?? JSONObject())
            do throws(GraphQLRequestError) {
                let plan = try GraphQLPlan(request, schema: MLflowSchema.schema)
                let limits = GraphQLLimits.standard
                require(plan.selection.fields.count <= limits.rootFields, "the limit on root fields is enforced")
                require(fields(of: plan.selection, depth: 1) <= limits.selections, "the limit on selections is enforced")
                _ = try? MLflowQueryCost.check(plan.selection)
            } catch {
                require(1...GraphQLLimits.standard.errors ~= error.errors.count, "there are few errors, but at least one")
                require(GraphQLResponse(errors: error.errors).jsonBytes().count < 1_000_000, "an error is short")
            }
        }
    ]

    /// The number of fields in a selection set and the ones nested in it.
    private static func fields(of selection: GraphQLSelectionSet, depth: Int) -> Int {
        require(depth <= GraphQLLimits.standard.depth + 1, "the limit on depth is enforced")
        return selection.fields.reduce(0) { $0 + 1 + fields(of: $1.selection, depth: depth + 1) }
    }
}

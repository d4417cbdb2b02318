import JSON

@testable import Tracking

extension FuzzTarget {
    static let graphql = [
        FuzzTarget(name: "graphql") { bytes in
            // The query, and behind a zero byte the variables.
            let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
            let limits = JSONLimits(maximumNodes: 10_000)
            let variables = parts.count > 1 ? try? JSONValue(parsing: parts[1], limits: limits) : nil
            let request = GraphQLRequest(
                query: String(decoding: parts[0], as: UTF8.self), variables: variables?.objectValue ?? JSONObject())
            do throws(GraphQLRequestError) {
                let plan = try GraphQLPlan(request, schema: MLflowSchema.schema)
                let limits = GraphQLLimits.standard
                require(plan.selection.fields.count <= limits.rootFields, "the limit of root fields is kept")
                require(fields(of: plan.selection, depth: 1) <= limits.selections, "the limit of selections is kept")
                _ = try? MLflowQueryCost.check(plan.selection)
            } catch {
                require(1...GraphQLLimits.standard.errors ~= error.errors.count, "there are few errors, but one at least")
                require(GraphQLResponse(errors: error.errors).jsonBytes().count < 1_000_000, "an error is short")
            }
        }
    ]

    /// The fields of a selection and below.
    private static func fields(of selection: GraphQLSelectionSet, depth: Int) -> Int {
        require(depth <= GraphQLLimits.standard.depth + 1, "the limit of depth is kept")
        return selection.fields.reduce(0) { $0 + 1 + fields(of: $1.selection, depth: depth + 1) }
    }
}

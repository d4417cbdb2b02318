import Testing
import WireProtocol

@testable import Tracking

/// The limits of a query.
@Suite struct GraphQLLimitTests {
    private func error(_ query: String) -> String? {
        do throws(GraphQLError) {
            try GraphQLComplexityCheck.check(try GraphQLParser.parse(query))
            return nil
        } catch {
            return error.message
        }
    }

    private func nested(_ depth: Int) -> String {
        String(repeating: "{a", count: depth) + String(repeating: "}", count: depth)
    }

    @Test func `Fields are nested at most 10 levels deep, including those of fragments`() {
        let tooDeep = "Query exceeds maximum depth of 10"
        #expect(error(nested(10)) == nil)
        #expect(error(nested(11)) == tooDeep)
        #expect(error("{a{...F}} fragment F on T \(nested(9))") == nil)
        #expect(error("{a{...F}} fragment F on T \(nested(10))") == tooDeep)
        #expect(error("{a{...F}} fragment F on T {a{...F}}") == tooDeep)
        #expect(error("{...{...{a}}}") == nil)
    }

    @Test func `Fields count once for each place where their fragment is spread`() {
        let many = (0..<99).map { "f\($0)" }.joined(separator: " ")
        let fragment = "fragment F on T {\(many)}"
        let spreads = { (count: Int) in (0..<count).map { "f\($0){...F}" }.joined(separator: " ") }
        #expect(error("{a{\(spreads(9))}} \(fragment)") == nil)
        #expect(error("{a{\(spreads(10))}} \(fragment)") == "Query exceeds maximum total selections of 1000")
    }

    @Test func `Fragments that double at each level hit the limit`() {
        let fragments = (0..<9).map { "fragment F\($0) on T {a{...F\($0 + 1)} b{...F\($0 + 1)} c{...F\($0 + 1)}}" }
        #expect(error("{...F0} \(fragments.joined()) fragment F9 on T {a}") == "Query exceeds maximum total selections of 1000")
    }

    @Test func `Fragments without fields hit the limit too`() {
        let empty = (0..<500).map { "fragment E\($0) on T {...E\($0 + 1) ...E\($0 + 1)}" }.joined(separator: " ")
        let fields = (0..<400).map { "f\($0){...E0}" }.joined(separator: " ")
        #expect(error("{a{\(fields)}} \(empty)") == "Query exceeds maximum total selections of 1000")
    }

    @Test func `A query has at most 10 root fields, and 10 aliases in a selection set`() {
        let fields = { (count: Int) in "{" + (0..<count).map { "f\($0)" }.joined(separator: " ") + "}" }
        #expect(error(fields(10)) == nil)
        let tooManyRoots = "GraphQL queries should have at most 10 root fields, got 11 root fields."
        #expect(error(fields(11)) == tooManyRoots)
        #expect(error("query A \(fields(6)) query B \(fields(5))") == tooManyRoots)
        let aliases = { (count: Int) in "{a{" + (0..<count).map { "...{f\($0):x}" }.joined(separator: " ") + "}}" }
        #expect(error(aliases(10)) == nil)
        #expect(error(aliases(11)) == "GraphQL queries should have at most 10 aliases, got 11 aliases.")
        #expect(error(String(repeating: "{...X}", count: 11)) == tooManyRoots)
    }

    @Test func `All fields together request at most as many results as one REST request`() throws {
        let ask = { (query: String) throws in
            let plan = try GraphQLPlan(GraphQLRequest(query: query), schema: MLflowSchema.schema)
            do throws(GraphQLError) {
                try MLflowQueryCost.check(plan.selection)
                return true
            } catch {
                return false
            }
        }
        let search = { (name: String, limit: String) in
            "\(name): mlflowSearchRuns(input: {experimentIds: [\"0\"]\(limit)}) { __typename }"
        }
        #expect(try ask("{ \((0..<10).map { search("a\($0)", "") }.joined()) }"))
        #expect(try ask("{ \(search("a", ", maxResults: 50000")) }"))
        #expect(try ask("{ \(search("a", ", maxResults: 60000")) }"))
        #expect(try !ask("{ \(search("a", ", maxResults: 50000")) \(search("b", "")) }"))
        let history = { (name: String, runs: Int) in
            let ids = (0..<runs).map { "\"\($0)\"" }.joined(separator: ",")
            return "\(name): mlflowGetMetricHistoryBulkInterval(input: {runIds: [\(ids)], metricKey: \"m\"}) { __typename }"
        }
        #expect(try ask("{ \(history("a", 100)) }"))
        #expect(try !ask("{ \(history("a", 60)) \(history("b", 60)) }"))
    }

    @Test func `A document crafted to be expensive is checked quickly`() {
        let fragments = { (next: (Int) -> Int) in
            (0..<900).map { "fragment F\($0) on MlflowGetRunResponse {...F\(next($0)) ...F0 __typename}" }.joined(separator: " ")
        }
        let spread = "{mlflowGetRun(input:{}){...F0}}"
        let arguments = (0..<4_000).map { "a\($0):1" }.joined(separator: " ")
        let directives = String(repeating: "@skip(if:true)", count: 2_500)
        for query in [
            "\(spread) \(fragments { $0 + 1 })", "\(spread) \(fragments { ($0 + 1) % 900 })", "{__typename(\(arguments))}",
            "{__typename \(directives)}",
        ] {
            let time = ContinuousClock().measure {
                _ = try? GraphQLPlan(GraphQLRequest(query: query), schema: MLflowSchema.schema)
            }
            #expect(time < .seconds(2))
        }
    }
}

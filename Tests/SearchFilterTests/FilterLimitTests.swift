import JSON
import SearchFilter
import Testing

@Suite struct FilterLimitTests {
    private func message(_ filter: String) -> String? {
        do throws(FilterError) {
            _ = try Grammar.runs.comparisons(in: filter)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func `A filter of 30 MB is rejected before it is parsed`() {
        let filter = "tags.a = '" + String(repeating: "x", count: 30_000_000) + "'"
        let duration = ContinuousClock().measure { #expect(message(filter) == "The filter is longer than 1048576 bytes.") }
        #expect(duration < .milliseconds(500))
    }

    @Test func `A list of three thousand IDs is accepted`() {
        let ids = (0..<3000).map { "'\(String(repeating: "0", count: 28))\(1000 + $0)'" }
        #expect(message("attributes.run_id IN (\(ids.joined(separator: ",")))") == nil)
    }

    @Test func `The number of comparisons is bounded`() {
        // As in MLflow, a missing AND is ignored; with it, the limit on tokens would apply first.
        func filter(_ count: Int) -> String { String(repeating: "a=1 ", count: count) }
        #expect(message(filter(2000))?.hasPrefix("Invalid attribute key 'a'") == true)
        #expect(message(filter(2001)) == "The filter has 2001 comparisons; the maximum is 2000.")
    }

    @Test func `The number and the length of order-by clauses are bounded`() {
        let clauses = (0..<101).map { "metrics.m\($0)" }
        #expect(throws: Never.self) { try Grammar.runs.order(by: Array(clauses.dropLast())) }
        #expect(throws: FilterError("`order_by` has 101 keys; the maximum is 100.")) { try Grammar.runs.order(by: clauses) }
        #expect(throws: FilterError("The order_by clause is longer than 1048576 bytes.")) {
            try Grammar.runs.order(by: [String(repeating: "a", count: 2_000_000)])
        }
    }

    @Test(arguments: [
        "nonsense ", "tags.a = ", "'", "metrics.a = 'b' ", "attributes.run_id IN (1, ", "metrics.a > 'x' AND ", "; ", "tags.a ~ ",
    ])
    func `An error quotes only the beginning of a long filter`(start: String) {
        let filter = start + String(repeating: "x", count: 500_000)
        #expect((message(filter) ?? "").unicodeScalars.count < 1_500)
    }
}

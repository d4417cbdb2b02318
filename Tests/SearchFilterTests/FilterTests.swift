import JSON
import Testing

@testable import SearchFilter

@Suite struct FilterTests {
    @Test func `An empty filter has no comparisons`() throws {
        #expect(try Grammar.runs.comparisons(in: "").isEmpty)
    }

    @Test func `A filter for runs yields its comparisons in order`() throws {
        let filter = """
            metrics.`val loss` <= 0.5 AND params.model LIKE 'res%' and tags."mlflow.user" != "me" \
            AND attributes.start_time > 1700000000000 AND run_id NOT IN ('a', "b") AND dataset.context = 'train'
            """
        #expect(
            try Grammar.runs.comparisons(in: filter) == [
                Comparison(.metric, "val loss", .lessOrEqual, .number(0.5)),
                Comparison(.parameter, "model", .like, .string("res%")),
                Comparison(.tag, "mlflow.user", .notEqual, .string("me")),
                Comparison(.attribute, "start_time", .greater, .integer(1_700_000_000_000)),
                Comparison(.attribute, "run_id", .notIn, .list(["a", "b"])),
                Comparison(.dataset, "context", .equal, .string("train")),
            ])
    }

    @Test func `Aliases of attributes are replaced, but not params with the same names`() throws {
        #expect(
            try Grammar.runs.comparisons(in: "created > 5 AND \"Run Name\" = 'a' AND params.created = 'b'") == [
                Comparison(.attribute, "start_time", .greater, .integer(5)),
                Comparison(.attribute, "run_name", .equal, .string("a")),
                Comparison(.parameter, "created", .equal, .string("b")),
            ])
    }

    @Test func `Attributes of traces are replaced by the keys that they refer to`() throws {
        #expect(
            try Grammar.traces.comparisons(in: "name = 'a' AND run_id = 'b' AND trace.text LIKE '%c%'") == [
                Comparison(.tag, "mlflow.traceName", .equal, .string("a")),
                Comparison(.metadata, "mlflow.sourceRun", .equal, .string("b")),
                Comparison(.span, "content", .like, .string("%c%")),
            ])
    }

    @Test func `Null tests have no value`() throws {
        #expect(
            try Grammar.experiments.comparisons(in: "tags.a IS NULL AND tags.b is not null") == [
                Comparison(.tag, "a", .isNull, .none),
                Comparison(.tag, "b", .isNotNull, .none),
            ])
    }

    @Test(arguments: [("5", 5.0), ("-5", -5), ("5.", 5), (".5", 0.5), ("-.5", -0.5), ("1e3", 1000), ("1.5E-3", 0.0015)])
    func `Metrics are compared with numbers in any format`(spelling: String, value: Double) throws {
        let comparisons = try Grammar.runs.comparisons(in: "metrics.a > \(spelling)")
        #expect(comparisons == [Comparison(.metric, "a", .greater, .number(value))])
    }

    @Test func `Experiment IDs are converted to their shortest form`() throws {
        #expect(
            try Grammar.experiments.comparisons(in: "experiment_id IN ('007', ' 1_0 ')") == [
                Comparison(.attribute, "experiment_id", .in, .list(["7", "10"]))
            ])
    }

    @Test func `Versions are numbers even if written as strings`() throws {
        #expect(
            try Grammar.modelVersions.comparisons(in: "version_number = '12'") == [
                Comparison(.attribute, "version_number", .equal, .integer(12))
            ])
    }

    @Test func `NaN is rejected as a number`() {
        #expect(throws: FilterError("Expected numeric value type for 'a'. Found nan")) {
            try Grammar.loggedModels.comparisons(in: "metrics.a > nan")
        }
    }

    @Test func `A filter may have ten thousand tokens`() throws {
        let filter = Array(repeating: "tags.a = 'x'", count: 1000).joined(separator: " ")
        #expect(try Grammar.runs.comparisons(in: filter + " AND ").count == 1000)
        let longer = filter + String(repeating: " ", count: 2002)
        #expect(throws: FilterError("Error on parsing filter '\(longer)'")) { try Grammar.runs.comparisons(in: longer) }
    }

    @Test func `Parentheses may be nested a hundred levels deep`() throws {
        func filter(_ depth: Int) -> String {
            "run_id IN " + String(repeating: "(", count: depth) + "'a'" + String(repeating: ")", count: depth)
        }
        #expect(try Grammar.runs.comparisons(in: filter(100)) == [Comparison(.attribute, "run_id", .in, .list(["a"]))])
        #expect(throws: FilterError("Error on parsing filter '\(filter(101))'")) {
            try Grammar.runs.comparisons(in: filter(101))
        }
    }

    @Test func `Two sort keys with the same meaning are rejected`() throws {
        #expect(throws: FilterError("`order_by` contains duplicate fields: ['created', 'start_time DESC']")) {
            try Grammar.runs.order(by: ["created", "start_time DESC"])
        }
        #expect(try Grammar.experiments.order(by: ["name", "name DESC"]).count == 2)
    }

    @Test func `A field name is the key of an attribute or a metric`() throws {
        let grammar = Grammar.loggedModels
        #expect(
            try grammar.order(byField: "creation_time", ascending: false)
                == OrderBy(.attribute, "creation_timestamp_ms", ascending: false))
        #expect(try grammar.order(byField: "metrics.a b.c", ascending: true) == OrderBy(.metric, "a b.c"))
    }
}

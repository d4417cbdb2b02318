import SearchFilter
import Testing

@Suite struct TraceMetricFilterTests {
    private func read(_ filter: String) throws -> (TraceMetricFilter.Subject, String) {
        let filter = try TraceMetricFilter(parsing: filter)
        return (filter.subject, filter.value)
    }

    private func refusal(_ filter: String) -> String? {
        do {
            _ = try TraceMetricFilter(parsing: filter)
            return nil
        } catch {
            return error.message
        }
    }

    @Test(
        arguments: [
            ("trace.status = 'OK'", .traceStatus, "OK"),
            ("`trace`.status = \"OK\"", .traceStatus, "OK"),
            ("trace.tag.team = 'red'", .traceTag("team"), "red"),
            ("trace.tag.a.b = 'x'", .traceTag("a.b"), "x"),
            ("trace.tag.`mlflow.traceName` = ''", .traceTag("mlflow.traceName"), ""),
            ("trace.metadata.\"mlflow.sourceRun\" = 'r'", .traceMetadata("mlflow.sourceRun"), "r"),
            ("span.name = 'a'", .spanName, "a"), ("span.status = 'a'", .spanStatus, "a"), ("span.type = 'a'", .spanType, "a"),
            ("assessment.name = 'a'", .assessmentName, "a"), ("assessment.type = 'a'", .assessmentType, "a"),
        ] as [(String, TraceMetricFilter.Subject, String)])
    func `A filter compares one property with a string`(filter: String, subject: TraceMetricFilter.Subject, value: String) throws {
        let found = try read(filter)
        #expect(found.0 == subject && found.1 == value)
    }

    @Test(arguments: [
        ("", "Invalid filter: ''. Expected one filter clause."),
        ("  ", "Invalid filter '  '. Could not be parsed."),
        ("nonsense", "Invalid clause(s) in filter string: nonsense"),
        (
            "trace.status = OK",
            """
            Parameter value is either not quoted or unidentified quote types used for string value OK. Use either single or double quotes.
            """
        ),
        ("trace.status = 5", "Expected a quoted string value for status value (e.g. 'my-value'). Got value 5"),
        ("trace.status LIKE 'O%'", "Invalid comparator: 'LIKE', only '=' operator is supported"),
        ("trace.status IN ('OK')", "Invalid clause(s) in filter string: trace.status, IN, ('OK')"),
        ("span.name = 'a' AND span.name = 'a'", "Invalid clause(s) in filter string: AND"),
        ("span.name = 'a' span.name = 'b'", "Invalid filter: 'span.name = 'a' span.name = 'b''. Expected one filter clause."),
        ("foo.bar = 'a'", "Invalid view type 'foo'. Valid values are dict_keys(['trace', 'span', 'assessment'])"),
        (
            "status = 'a'",
            """
            Invalid identifier 'status'. Columns should be specified as 'trace.<key>', 'span.<key>', 'assessment.<key>'.
            """
        ),
        ("trace.foo = 'a'", "Invalid entity 'foo' specified for view type 'trace'. Valid entities are ['status', 'tag', 'metadata']"),
        ("trace.tag = 'a'", "Filtering by tag requires a key, e.g. 'trace.tag.<key> = <value>'"),
        ("trace.status.a = 'a'", "Filtering by status does not require a key, use 'trace.status' instead"),
        ("5 = 'a'", "Invalid comparison clause. Expected 'Identifier' found '5'"),
        (
            "span.name = 'a'; span.name = 'b'",
            """
            Search filter contained multiple expression "span.name = 'a'; span.name = 'b'". Provide AND-ed expression list.
            """
        ),
    ])
    func `Anything else is rejected with MLflow's message`(filter: String, message: String) {
        #expect(refusal(filter) == message)
    }

    @Test func `The length of a filter is bounded, and so is its quotation in errors`() {
        #expect(refusal(String(repeating: "a", count: 2 << 20))?.contains("longer than") == true)
        let message = refusal("trace.status = " + String(repeating: "9", count: 100_000))
        #expect((message?.utf8.count ?? .max) < 4_096)
        #expect(refusal(String(repeating: "(", count: 100_000)) != nil)
    }
}

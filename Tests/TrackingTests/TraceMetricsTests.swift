import Database
import HTTPTypes
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

@Suite struct TraceMetricsTests {
    private static let metrics = "/api/3.0/mlflow/traces/metrics"
    /// The start of the first trace, in milliseconds since 1970.
    private static let start: Int64 = 7_200_000

    // MARK: Data

    /// Runs `body` with three traces within two hours, with spans and assessments.
    private func withTraces(_ engine: TestEngine, _ body: @Sendable (TrackingFixture) async throws -> Void) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            try await traceInfo(
                fixture, 1, "1970-01-01T02:00:00Z", "1s", "OK", name: "first",
                #""mlflow.trace.session":"s","mlflow.trace.tokenUsage":"{\"input_tokens\": 10, \"output_tokens\": 5, \"total_tokens\": 15}""#
            )
            try await traceInfo(
                fixture, 2, "1970-01-01T02:30:00Z", "3s", "ERROR", name: "second",
                #""mlflow.trace.session":"s","mlflow.trace.tokenUsage":"{\"input_tokens\": 30, \"output_tokens\": 5, \"total_tokens\": 35}""#
            )
            try await traceInfo(fixture, 3, "1970-01-01T03:00:00Z", "2s", "OK", name: "first", #""mlflow.trace.session":"t""#)
            try await spans(
                fixture,
                [
                    span(1, "a", Self.start, 1000, #"{"key":"mlflow.spanType","value":{"stringValue":"AGENT"}}"#),
                    span(
                        1, "b", Self.start, 100, Self.call("m", "p", #"{\"input_cost\": 0.25, \"output_cost\": 0.5, \"total_cost\": 0.75}"#)
                    ),
                    span(2, "a", Self.start + 3_600_000, 300, Self.call("m", "q", #"{\"total_cost\": 2}"#)),
                    span(3, "a", Self.start + 3_600_000, 500, ""),
                ])
            for (trace, fields) in [
                (1, #""assessment_name":"good","feedback":{"value":true}"#), (2, #""assessment_name":"good","feedback":{"value":"no"}"#),
                (2, #""assessment_name":"score","feedback":{"value":0.5}"#), (3, #""assessment_name":"score","expectation":{"value":2}"#),
                (3, #""assessment_name":"word","feedback":{"value":"why"}"#),
            ] {
                let response = try await fixture.api.post(
                    "/api/3.0/mlflow/traces/\(Self.id(trace))/assessments", "{\"assessment\":{\(fields)}}")
                #expect(response.status == 200, "\(response.text)")
            }
            try await body(fixture)
        }
    }

    private static func id(_ number: Int) -> String { "tr-0000000000000000000000000000000\(number)" }

    private func traceInfo(
        _ fixture: TrackingFixture, _ number: Int, _ time: String, _ duration: String, _ state: String, name: String, _ metadata: String
    ) async throws {
        let response = try await fixture.api.post(
            "/api/3.0/mlflow/traces",
            """
            {"trace":{"trace_info":{"trace_id":"\(Self.id(number))","trace_location":{"type":"MLFLOW_EXPERIMENT",\
            "mlflow_experiment":{"experiment_id":"0"}},"request_time":"\(time)","execution_duration":"\(duration)","state":"\(state)",\
            "tags":{"mlflow.traceName":"\(name)"},"trace_metadata":{\(metadata)}}}}
            """)
        #expect(response.status == 200, "\(response.text)")
    }

    private func span(_ trace: Int, _ id: String, _ start: Int64, _ milliseconds: Int64, _ attributes: String) -> String {
        """
        {"traceId":"\(Self.id(trace).dropFirst(3))","spanId":"\(String(repeating: id, count: 16))","name":"span \(id)",\
        "startTimeUnixNano":"\(start * 1_000_000)","endTimeUnixNano":"\((start + milliseconds) * 1_000_000 + 999_999)",\
        "attributes":[\(attributes)],"status":{"code":"STATUS_CODE_OK"}}
        """
    }

    private static func call(_ model: String, _ provider: String, _ cost: String) -> String {
        """
        {"key":"mlflow.spanType","value":{"stringValue":"LLM"}},{"key":"mlflow.llm.model","value":{"stringValue":"\(model)"}},\
        {"key":"mlflow.llm.provider","value":{"stringValue":"\(provider)"}},{"key":"mlflow.llm.cost","value":{"stringValue":"\(cost)"}}
        """
    }

    private func spans(_ fixture: TrackingFixture, _ spans: [String]) async throws {
        let response = try await fixture.api.send(
            .post, "/v1/traces", #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#,
            headers: [("x-mlflow-experiment-id", "0")])
        #expect(response.status == 200, "\(response.text)")
    }

    /// The data points, one per line, as `DIMENSIONS LABEL=VALUE …`.
    private func points(
        _ fixture: TrackingFixture, _ view: String, _ metric: String, _ aggregations: [String], by dimensions: [String] = [],
        _ fields: String = ""
    ) async throws -> [String] {
        let response = try await fixture.api.post(Self.metrics, request(view, metric, aggregations, by: dimensions, fields))
        #expect(response.status == 200, "\(response.text)")
        return response.values("data_points").map { point in
            #expect(point["metric_name"]?.stringValue == metric)
            let dimensions = (["time_bucket"] + dimensions).compactMap { point["dimensions"]?[$0]?.stringValue }
            let values = point["values"]?.objectValue?.members.map { "\($0.name)=\($0.value.jsonString)" } ?? []
            return (dimensions + values).joined(separator: " ")
        }
    }

    private func request(
        _ view: String, _ metric: String, _ aggregations: [String], by dimensions: [String] = [], _ fields: String = ""
    ) -> String {
        let aggregations = aggregations.map { name in
            name.hasPrefix("P")
                ? #"{"aggregation_type":"PERCENTILE","percentile_value":\#(name.dropFirst())}"# : #"{"aggregation_type":"\#(name)"}"#
        }
        return """
            {"experiment_ids":["0"],"view_type":"\(view)","metric_name":"\(metric)","aggregations":[\(aggregations.joined(separator: ","))],\
            "dimensions":\(JSONValue.array(dimensions.map { .string($0) }).jsonString)\(fields)}
            """
    }

    private static let hours = #","time_interval_seconds":3600,"start_time_ms":0,"end_time_ms":20000000"#

    // MARK: Views

    @Test(arguments: TestEngine.available)
    func `Traces are counted and measured, in total and by hour`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            #expect(try await points(fixture, "TRACES", "trace_count", ["COUNT"]) == ["COUNT=3.0"])
            #expect(
                try await points(fixture, "TRACES", "trace_count", ["COUNT"], by: ["trace_status", "trace_name"], Self.hours) == [
                    "1970-01-01T02:00:00+00:00 ERROR second COUNT=1.0", "1970-01-01T02:00:00+00:00 OK first COUNT=1.0",
                    "1970-01-01T03:00:00+00:00 OK first COUNT=1.0",
                ])
            #expect(
                try await points(fixture, "TRACES", "latency", ["AVG", "MIN", "MAX", "P50", "P99"], Self.hours) == [
                    "1970-01-01T02:00:00+00:00 AVG=2000.0 MIN=1000.0 MAX=3000.0 P50.0=2000.0 P99.0=2980.0",
                    "1970-01-01T03:00:00+00:00 AVG=2000.0 MIN=2000.0 MAX=2000.0 P50.0=2000.0 P99.0=2000.0",
                ])
            #expect(
                try await points(fixture, "TRACES", "input_tokens", ["SUM", "AVG"], by: ["trace_name"]) == [
                    "first SUM=10.0 AVG=10.0", "second SUM=30.0 AVG=30.0",
                ])
            #expect(try await points(fixture, "TRACES", "total_tokens", ["SUM"], Self.hours) == ["1970-01-01T02:00:00+00:00 SUM=50.0"])
            #expect(try await points(fixture, "TRACES", "cache_read_input_tokens", ["SUM"]) == [])
            #expect(try await points(fixture, "TRACES", "session_count", ["COUNT"]) == ["COUNT=2.0"])
            #expect(
                try await points(fixture, "TRACES", "session_count", ["COUNT"], Self.hours) == [
                    "1970-01-01T02:00:00+00:00 COUNT=1.0", "1970-01-01T03:00:00+00:00 COUNT=1.0",
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Spans are counted and measured by their properties`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            #expect(
                try await points(fixture, "SPANS", "span_count", ["COUNT"], by: ["span_name", "span_type"]) == [
                    "span a AGENT COUNT=1.0", "span a LLM COUNT=1.0", "span b LLM COUNT=1.0",
                ])
            #expect(try await points(fixture, "SPANS", "span_count", ["COUNT"], by: ["span_status"]) == ["OK COUNT=4.0"])
            #expect(
                try await points(fixture, "SPANS", "latency", ["AVG", "P50"], by: ["span_name"]) == [
                    "span a AVG=600.0 P50.0=500.0", "span b AVG=100.0 P50.0=100.0",
                ])
            #expect(
                try await points(fixture, "SPANS", "total_cost", ["SUM", "MAX"], by: ["span_model_name", "span_model_provider"]) == [
                    "m p SUM=0.75 MAX=0.75", "m q SUM=2.0 MAX=2.0",
                ])
            // A cost belongs to the bucket of its span's start, not its trace's.
            #expect(
                try await points(fixture, "SPANS", "total_cost", ["SUM"], Self.hours) == [
                    "1970-01-01T02:00:00+00:00 SUM=0.75", "1970-01-01T03:00:00+00:00 SUM=2.0",
                ])
            let hour = #","start_time_ms":10800000,"end_time_ms":14399999"#
            #expect(try await points(fixture, "SPANS", "total_cost", ["SUM"], hour) == ["SUM=2.0"])
            #expect(try await points(fixture, "SPANS", "span_count", ["COUNT"], hour) == ["COUNT=1.0"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Assessments are counted and averaged, including yes and no`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            #expect(
                try await points(fixture, "ASSESSMENTS", "assessment_count", ["COUNT"], by: ["assessment_name", "assessment_value"]) == [
                    #"good "no" COUNT=1.0"#, "good true COUNT=1.0", "score 0.5 COUNT=1.0", "score 2.0 COUNT=1.0", #"word "why" COUNT=1.0"#,
                ])
            #expect(
                try await points(fixture, "ASSESSMENTS", "assessment_value", ["AVG", "MAX"], by: ["assessment_name"]) == [
                    "good AVG=0.5 MAX=1.0", "score AVG=1.25 MAX=2.0",
                ])
            #expect(
                try await points(fixture, "ASSESSMENTS", "assessment_value", ["AVG"], by: ["assessment_name"], Self.hours) == [
                    "1970-01-01T02:00:00+00:00 good AVG=0.5", "1970-01-01T02:00:00+00:00 score AVG=0.5",
                    "1970-01-01T03:00:00+00:00 score AVG=2.0",
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Filters select records`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            func count(_ view: String, _ metric: String, _ filters: String...) async throws -> [String] {
                try await points(
                    fixture, view, metric, ["COUNT"], #","filters":\#(JSONValue.array(filters.map { .string($0) }).jsonString)"#)
            }
            #expect(try await count("TRACES", "trace_count", "trace.status = 'OK'") == ["COUNT=2.0"])
            #expect(
                try await count("TRACES", "trace_count", "trace.status = 'OK'", "trace.tag.mlflow.traceName = 'second'") == ["COUNT=0.0"])
            #expect(try await count("TRACES", "trace_count", "trace.metadata.`mlflow.trace.session` = 's'") == ["COUNT=2.0"])
            #expect(try await count("SPANS", "span_count", "span.type = 'LLM'", "trace.status = 'OK'") == ["COUNT=1.0"])
            #expect(try await count("SPANS", "span_count", "span.name = 'span a'") == ["COUNT=3.0"])
            #expect(try await count("ASSESSMENTS", "assessment_count", "assessment.type = 'expectation'") == ["COUNT=1.0"])
            #expect(
                try await count("ASSESSMENTS", "assessment_count", "assessment.name = 'good'", "trace.status = 'ERROR'") == ["COUNT=1.0"])
        }
    }

    // MARK: Pages and limits

    @Test(arguments: TestEngine.available)
    func `Data points are paged`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            var (found, token): ([String], String?) = ([], nil)
            for _ in 0..<3 {
                let fields = #","max_results":1\#(token.map { #","page_token":"\#($0)""# } ?? "")"#
                let response = try await fixture.api.post(
                    Self.metrics, request("SPANS", "span_count", ["COUNT"], by: ["span_name", "span_type"], fields))
                found += response.strings("data_points.dimensions.span_type")
                token = response.string("next_page_token")
            }
            #expect(found == ["AGENT", "LLM", "LLM"] && token == nil)
            #expect(try await points(fixture, "TRACES", "trace_count", ["COUNT"], #","max_results":0"#) == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Every range and interval gets a response`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            for (start, end, interval) in [
                (Int64.min, Int64.max, 1), (0, .max, 1), (.min, -1, 60), (.max, .max, 1), (0, 20_000_000, Int64.max / 1000), (5, 1, 1),
            ] as [(Int64, Int64, Int64)] {
                let fields = #","time_interval_seconds":\#(interval),"start_time_ms":\#(start),"end_time_ms":\#(end)"#
                for (view, metric) in [
                    ("TRACES", "latency"), ("SPANS", "latency"), ("SPANS", "total_cost"), ("ASSESSMENTS", "assessment_value"),
                ] {
                    let response = try await fixture.api.post(Self.metrics, request(view, metric, ["AVG", "P50"], fields))
                    #expect(response.status == 200, "\(response.text)")
                }
            }
            let second = #","time_interval_seconds":1,"start_time_ms":0,"end_time_ms":20000000"#
            #expect(try await points(fixture, "TRACES", "trace_count", ["COUNT"], second).count == 3)
        }
    }

    @Test func `Invalid queries are rejected`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture async throws in
            func refusal(_ json: String) async throws -> String? { try await fixture.api.post(Self.metrics, json).error }
            #expect(try await refusal("{}")?.contains("'experiment_ids'") == true)
            #expect(
                try await refusal(request("TRACES", "speed", ["COUNT"]))?.contains("metric_name must be one of ['trace_count', 's") == true)
            #expect(
                try await refusal(request("TRACES", "trace_count", ["SUM", "P5"])) == """
                    INVALID_PARAMETER_VALUE: Found invalid aggregation_type(s): ['PERCENTILE', 'SUM']. Supported aggregation types: ['COUNT']
                    """)
            #expect(
                try await refusal(request("TRACES", "latency", ["AVG"], by: ["x", "trace_status"])) == """
                    INVALID_PARAMETER_VALUE: Found invalid dimension(s): ['trace_status', 'x']. Supported dimensions: ['trace_name']
                    """)
            #expect(try await refusal(request("TRACES", "latency", ["P101"]))?.contains("between 0 and 100") == true)
            #expect(
                try await refusal(request("TRACES", "latency", ["AVG"], #","time_interval_seconds":60,"start_time_ms":1"#)) == """
                    INVALID_PARAMETER_VALUE: start_time_ms and end_time_ms are required if time_interval_seconds is set
                    """)
            for fields in [
                #","time_interval_seconds":-1,"start_time_ms":1,"end_time_ms":2"#, #","max_results":-1"#, #","page_token":"?""#,
                #","filters":["span.name = 'a'"]"#, #","filters":["x"]"#, #","start_time_ms":"x""#,
                #","page_token":"eyJvZmZzZXQiOiAxMDAwMDAwMDB9""#,
            ] {
                #expect(try await refusal(request("TRACES", "latency", ["AVG"], fields)) != nil, "\(fields)")
            }
            #expect(try await refusal(request("RUNS", "latency", ["AVG"])) != nil)
        }
    }

    // MARK: Updates

    @Test(arguments: TestEngine.available)
    func `Metrics reflect later writes, and disappear with their traces`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            try await traceInfo(
                fixture, 1, "1970-01-01T05:00:00Z", "7s", "ERROR", name: "first", #""mlflow.trace.tokenUsage":"{\"input_tokens\": 100}""#)
            let late = #","start_time_ms":18000000"#
            #expect(try await points(fixture, "TRACES", "latency", ["MAX"], late) == ["MAX=7000.0"])
            #expect(try await points(fixture, "TRACES", "input_tokens", ["SUM"]) == ["SUM=130.0"])
            #expect(try await points(fixture, "TRACES", "output_tokens", ["SUM"]) == ["SUM=5.0"])
            #expect(try await points(fixture, "SPANS", "span_count", ["COUNT"], late) == ["COUNT=2.0"])
            #expect(try await points(fixture, "ASSESSMENTS", "assessment_count", ["COUNT"], late) == ["COUNT=1.0"])
            try await spans(fixture, [span(1, "b", Self.start, 900, Self.call("n", "p", #"{\"total_cost\": 4}"#))])
            #expect(
                try await points(fixture, "SPANS", "total_cost", ["SUM"], by: ["span_model_name"]) == ["m SUM=2.0", "n SUM=4.0"])
            let deleted = try await fixture.api.post(
                "traces/delete-traces", #"{"experiment_id":"0","request_ids":["\#(Self.id(1))","\#(Self.id(2))"]}"#)
            #expect(deleted.status == 200)
            #expect(try await points(fixture, "SPANS", "total_cost", ["SUM"]) == [])
            #expect(try await points(fixture, "SPANS", "span_count", ["COUNT"]) == ["COUNT=1.0"])
            let left = try await fixture.database.read { try $0.first("SELECT COUNT(*) FROM span_metrics") { $0.int(0) } }
            #expect(left == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Metrics reflect changes of a trace's name and time`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            func names() async throws -> [String] { try await points(fixture, "TRACES", "trace_count", ["COUNT"], by: ["trace_name"]) }
            let path = "/api/3.0/mlflow/traces/\(Self.id(2))/tags"
            let long = String(repeating: "é", count: 300)
            for (name, shown) in [("renamed", "renamed"), (long, String(long.prefix(250)))] {
                let response = try await fixture.api.send(.patch, path, #"{"key":"mlflow.traceName","value":"\#(name)"}"#)
                #expect(response.status == 200, "\(response.text)")
                #expect(try await names() == ["first COUNT=2.0", "\(shown) COUNT=1.0"])
            }
            let deleted = try await fixture.api.send(.delete, path, #"{"key":"mlflow.traceName"}"#)
            #expect(deleted.status == 200, "\(deleted.text)")
            #expect(try await names() == ["first COUNT=2.0"])
            // An older span makes its trace begin earlier, which moves its metrics too.
            try await spans(fixture, [span(4, "b", Self.start + 7_200_000, 10, "")])
            try await spans(fixture, [span(4, "a", Self.start + 3_600_000, 10, "")])
            let hour = #","start_time_ms":10800000,"end_time_ms":14399999"#
            let filter = #","filters":["trace.tag.mlflow.trace.spansLocation = 'TRACKING_STORE'"]"#
            for fields in [hour, hour + filter] {
                #expect(try await points(fixture, "SPANS", "span_count", ["COUNT"], fields) == ["COUNT=3.0"])
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Tokens of spans are summed for traces whose client reports no sum`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            let usage = #"{"key":"mlflow.chat.tokenUsage","value":{"stringValue":"{\"input_tokens\": 3, \"output_tokens\": 4}"}}"#
            try await spans(fixture, [span(1, "a", Self.start, 5, usage)])
            #expect(try await points(fixture, "TRACES", "input_tokens", ["SUM"]) == ["SUM=3.0"])
            try await spans(fixture, [span(1, "b", Self.start, 5, usage)])
            #expect(try await points(fixture, "TRACES", "input_tokens", ["SUM"]) == ["SUM=6.0"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Traces that were written before there were metrics are backfilled at the next start`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            func responses() async throws -> [[String]] {
                [
                    try await points(fixture, "TRACES", "input_tokens", ["SUM"]),
                    try await points(fixture, "TRACES", "trace_count", ["COUNT"], by: ["trace_name"]),
                    try await points(fixture, "TRACES", "session_count", ["COUNT"], Self.hours),
                    try await points(fixture, "SPANS", "span_count", ["COUNT"], by: ["span_name", "span_type"]),
                    try await points(fixture, "SPANS", "latency", ["MAX"], by: ["span_status"]),
                    try await points(fixture, "ASSESSMENTS", "assessment_value", ["AVG"], by: ["assessment_name"], Self.hours),
                    try await points(fixture, "SPANS", "total_cost", ["SUM"], by: ["span_model_name", "span_model_provider"]),
                ]
            }
            let before = try await responses()
            #expect(before.allSatisfy { !$0.isEmpty })
            try await fixture.database.write { connection in
                try connection.execute("DELETE FROM span_metrics")
                try connection.execute(
                    "UPDATE traces SET name = NULL, session = NULL, input_tokens = NULL, output_tokens = NULL, total_tokens = NULL")
                try connection.execute("UPDATE assessments SET experiment_id = NULL, trace_time = NULL")
                try connection.execute("UPDATE trace_metrics_fill SET position = (SELECT MAX(id) FROM traces)")
            }
            #expect(try await points(fixture, "TRACES", "input_tokens", ["SUM"]) == [])
            try await TraceMetricsBackfill(database: fixture.database).run()
            #expect(try await responses() == before)
            // A completed backfill doesn't run again.
            try await fixture.database.write { try $0.execute("DELETE FROM span_metrics") }
            try await TraceMetricsBackfill(database: fixture.database).run()
            #expect(try await points(fixture, "SPANS", "span_count", ["COUNT"]) == ["COUNT=0.0"])
        }
    }

    // MARK: Correlation

    @Test(arguments: TestEngine.available)
    func `Trace filters are correlated, with and without a base filter`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            func correlation(_ first: String, _ second: String, _ fields: String = "") async throws -> APIResponse {
                try await fixture.api.post(
                    "/ajax-api/3.0/mlflow/traces/calculate-filter-correlation",
                    #"{"experiment_ids":["0"],"filter_string1":"\#(first)","filter_string2":"\#(second)"\#(fields)}"#)
            }
            let together = try await correlation("status = 'OK'", "name = 'first'")
            #expect(
                together.text.hasSuffix(#""filter1_count":2,"filter2_count":2,"joint_count":2,"total_count":3}"#), "\(together.text)")
            #expect(try #require(together.json["npmi"]?.doubleValue) > 0.99)
            let apart = try await correlation("status = 'OK'", "status = 'ERROR'")
            #expect(apart.json["npmi"] == .number(-1) && apart.integer("joint_count") == 0)
            let never = try await correlation("status = 'OK'", "name = 'none'")
            #expect(never.text == #"{"filter1_count":2,"filter2_count":0,"joint_count":0,"total_count":3}"#)
            let based = try await correlation(
                "status = 'OK'", "feedback.good = 'true'", #","base_filter":"timestamp < 10800000""#)
            #expect(based.text.hasSuffix(#""filter1_count":1,"filter2_count":1,"joint_count":1,"total_count":2}"#), "\(based.text)")
            #expect(try await correlation("status = 'OK'", "").error?.contains("'filter_string2'") == true)
            #expect(try await correlation("foo = 'OK'", "status = 'OK'").status == 400)
        }
    }
}

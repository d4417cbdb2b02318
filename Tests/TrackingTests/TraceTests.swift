import ArtifactStore
import Database
import Primitives
import ServiceKit
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

@Suite struct TraceTests {
    private static let api = "/api/3.0/mlflow/"

    /// The info of a trace in experiment 0 that began at one second and took one second.
    private func traceInfo(_ id: String, second: Int = 100, experiment: String = "0", _ fields: String = "") -> String {
        """
        {"trace":{"trace_info":{"trace_id":"\(id)","trace_location":{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":\
        {"experiment_id":"\(experiment)"}},"request_time":"1970-01-01T00:\(second / 60 < 10 ? "0" : "")\(second / 60):\
        \(second % 60 < 10 ? "0" : "")\(second % 60)Z","execution_duration":"1s","state":"OK"\(fields)}}}
        """
    }

    private func start(_ fixture: TrackingFixture, _ traceInfo: String) async throws {
        let response = try await fixture.api.post(Self.api + "traces", traceInfo)
        #expect(response.status == 200, "\(response.text)")
    }

    private func id(_ number: UInt8) -> String { "tr-" + Hex.encode([UInt8](repeating: number, count: 16)) }

    /// A span, which is a root if it has no parent. Times are in milliseconds.
    private func span(
        _ trace: UInt8, _ number: UInt8, parent: UInt8? = nil, start: UInt64 = 100_000, end: UInt64 = 101_000, tokens: Int64? = nil,
        status: Span.Status = .ok
    ) -> Span {
        var span = Span(traceID: [UInt8](repeating: trace, count: 16), spanID: [UInt8](repeating: number, count: 8))
        span.parentID = parent.map { [UInt8](repeating: $0, count: 8) } ?? []
        (span.name, span.startTime, span.endTime, span.status) = ("span \(number)", start * 1_000_000, end * 1_000_000, status)
        if let tokens {
            span.attributes.append(
                Attribute(key: "mlflow.chat.tokenUsage", value: .object([Attribute(key: "total_tokens", value: .integer(tokens))])))
        }
        return span
    }

    private func send(_ fixture: TrackingFixture, _ spans: [Span], experiment: Int64 = 0, run: String? = nil) async throws {
        let upload = try SpanUpload([ResourceSpans(spans: spans)], experiment: experiment, run: run)
        try await TraceWriter(database: fixture.database).write(upload)
    }

    private func search(_ fixture: TrackingFixture, _ fields: String = "", experiment: String = "0") async throws -> APIResponse {
        try await fixture.api.post(
            Self.api + "traces/search",
            #"{"locations":[{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"\#(experiment)"}}]\#(fields)}"#)
    }

    /// The number of rows of traces and of dependent tables.
    private func rowCount(_ fixture: TrackingFixture) async throws -> Int64 {
        let tables: [StaticString] = [
            "traces", "trace_tags", "trace_metadata", "spans", "assessments", "trace_runs", "trace_prompts",
        ]
        return try await fixture.database.read { connection in
            try tables.reduce(0) { sum, table in
                sum + (try connection.first("SELECT COUNT(*) FROM \(SQL(stringLiteral: table))") { $0.int(0) } ?? 0)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `A trace is the same whether its info or its spans arrive first`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            let fields = #","tags":{"mlflow.traceName":"root","a":"b"},"trace_metadata":{"k":"v"},"request_preview":"hi""#
            let spans = { (trace: UInt8) in [self.span(trace, 1), self.span(trace, 2, parent: 1, start: 99_000, tokens: 5)] }
            try await start(fixture, traceInfo(id(1), fields))
            try await send(fixture, spans(1))
            try await send(fixture, spans(2))
            try await start(fixture, traceInfo(id(2), fields))
            let first = try await fixture.api.get(Self.api + "traces/get?trace_id=\(id(1))").text
            let second = try await fixture.api.get(Self.api + "traces/get?trace_id=\(id(2))").text
            let replaced = second.replacing(id(2), with: id(1)).replacing(
                Base64.encode([UInt8](repeating: 2, count: 16)), with: Base64.encode([UInt8](repeating: 1, count: 16)))
            #expect(first == replaced)
            let response = try await fixture.api.get(Self.api + "traces/\(id(1))")
            #expect(response.string("trace.trace_info.request_time") == "1970-01-01T00:01:40Z")
            #expect(response.string("trace.trace_info.execution_duration") == "1s")
            let info = response.json["trace"]?["trace_info"]
            #expect(info?["tags"]?["mlflow.trace.spansLocation"] == "TRACKING_STORE")
            #expect(info?["tags"]?["mlflow.artifactLocation"] == .string("mlflow-artifacts:/0/traces/\(id(1))/artifacts"))
            #expect(info?["trace_metadata"]?["mlflow.trace.infoFinalized"] == "true")
            #expect(
                info?["trace_metadata"]?["mlflow.trace.tokenUsage"]
                    == #"{"input_tokens": 0, "output_tokens": 0, "total_tokens": 5}"#)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A trace grows with its spans, and its root span determines the state`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            try await send(fixture, [span(1, 2, parent: 1, start: 5000, end: 6000, tokens: 3)])
            var info = try await fixture.api.get(Self.api + "traces/\(id(1))")
            #expect(info.string("trace.trace_info.state") == "IN_PROGRESS")
            #expect(info.string("trace.trace_info.execution_duration") == "1s")
            try await send(fixture, [span(1, 3, parent: 1, start: 4000, end: 5500, tokens: 4)])
            try await send(fixture, [span(1, 1, start: 4500, end: 7000, status: .error)], run: "run-1")
            // Sending the same again changes nothing.
            try await send(fixture, [span(1, 3, parent: 1, start: 4000, end: 5500, tokens: 4)])
            info = try await fixture.api.get(Self.api + "traces/\(id(1))")
            #expect(info.string("trace.trace_info.state") == "ERROR")
            #expect(info.string("trace.trace_info.request_time") == "1970-01-01T00:00:04Z")
            #expect(info.string("trace.trace_info.execution_duration") == "3s")
            #expect(
                info.json["trace"]?["trace_info"]?["trace_metadata"]?["mlflow.trace.tokenUsage"]
                    == #"{"input_tokens": 0, "output_tokens": 0, "total_tokens": 7}"#)
            let whole = try await fixture.api.get(Self.api + "traces/get?trace_id=\(id(1))")
            #expect(whole.strings("trace.spans.name") == ["span 1", "span 3", "span 2"])
            #expect(try await search(fixture, #","filter":"run_id = 'run-1'""#).strings("traces.trace_id") == [id(1)])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Concurrent writers of one trace lose nothing`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in UInt8(1)...40 {
                    // Each has its own writer, as replicas do.
                    group.addTask {
                        try await send(fixture, [span(number % 4, number, parent: number < 5 ? nil : number % 4 + 1, tokens: 1)])
                    }
                    if number < 5 { group.addTask { try await start(fixture, traceInfo(id(number % 4), #","tags":{"a":"b"}"#)) } }
                }
                try await group.waitForAll()
            }
            for trace in UInt8(0)..<4 {
                let whole = try await fixture.api.get(Self.api + "traces/get?trace_id=\(id(trace))")
                #expect(whole.values("trace.spans").count == 10)
                #expect(whole.string("trace.trace_info.state") == "OK")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `A hundred spans and a hundred traces are written at once`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            try await send(fixture, (UInt8(0)..<100).map { span(9, $0, parent: $0 == 0 ? nil : 0) })
            try await send(fixture, (UInt8(100)..<200).map { span($0, 1) })
            #expect(try await fixture.api.get(Self.api + "traces/get?trace_id=\(id(9))").values("trace.spans").count == 100)
            #expect(try await search(fixture, #","max_results":500"#).values("traces").count == 101)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Traces are filtered, sorted and paged`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            for number in UInt8(1)...5 {
                let even = number.isMultiple(of: 2)
                try await start(
                    fixture,
                    traceInfo(
                        id(number), second: Int(number) * 10,
                        """
                        ,"client_request_id":"c\(number)","tags":{"mlflow.traceName":"n\(number)","even":"\(even)"},\
                        "trace_metadata":{"mlflow.trace.session":"s\(even ? 1 : 2)"}
                        """))
                try await send(fixture, [span(number, 1), span(number, 2, parent: 1, status: even ? .ok : .error)])
            }
            for (filter, order, found) in [
                ("", "", "54321"), ("", "timestamp ASC", "12345"), ("", "name DESC", "54321"), ("", "tags.even,end_time", "13524"),
                ("tags.even = 'true'", "", "42"), ("tags.even != 'true' AND timestamp > 10000", "", "53"), ("name IS NULL", "", ""),
                ("name LIKE 'n%' AND execution_time = 1000", "timestamp", "12345"), ("name RLIKE '^n[135]$'", "", "531"),
                ("client_request_id IN ('c1', 'c3')", "", "31"), ("metadata.`mlflow.trace.session` = 's1'", "", "42"),
                ("span.name = 'span 2' AND span.status = 'ERROR'", "", "531"), ("span.name = 'span 1' AND span.status = 'ERROR'", "", ""),
                ("end_time >= 41000", "", "54"), ("request_id = '\(id(3))'", "", "3"), ("tags.none IS NULL", "timestamp", "12345"),
                ("request_id RLIKE '^tr-0[12]'", "", "21"), ("span.content ILIKE '%SPAN 2%'", "", "54321"),
                ("span.attributes.mlflow.traceRequestId RLIKE '^tr-05'", "", "5"), ("status = 'ERROR'", "", ""),
            ] {
                let orders = order.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",")
                let fields = #","filter":"\#(filter)","order_by":[\#(orders)]"#
                var names = ""
                var token = ""
                repeat {
                    let page = try await search(fixture, fields + #","max_results":2,"page_token":"\#(token)""#)
                    #expect(page.status == 200, "\(filter): \(page.text)")
                    names += page.strings("traces.client_request_id").map { String($0.dropFirst()) }.joined()
                    token = page.string("next_page_token") ?? ""
                } while !token.isEmpty
                #expect(names == found, "\(filter) by \(order)")
            }
        }
    }

    @Test func `An invalid search is rejected with a reason`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture async throws in
            let suffix = " See the API docs for more information about request parameters."
            for (fields, message) in [
                (
                    #","max_results":501"#,
                    "Invalid value 501 for parameter 'max_results' supplied:  Hint: Value was of type 'int'.\(suffix)"
                ),
                (#","max_results":0"#, "Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer"),
                (#","page_token":"?""#, "Invalid page token, could not base64-decode"),
                (#","filter":"prompt = 'a'""#, "Invalid prompts filter value 'a'. Expected format: prompt = \"name/version\""),
                (
                    #","filter":"metadata.`mlflow.trace.tokenUsage` LIKE 'a'""#,
                    "Comparator 'LIKE' is not supported for reserved metadata 'mlflow.trace.tokenUsage'. Only '=', '!=', 'IS NULL', and"
                        + " 'IS NOT NULL' are supported."
                ),
                (
                    #","order_by":["metadata.`mlflow.trace.tokenUsage`"]"#,
                    "Ordering by reserved metadata 'mlflow.trace.tokenUsage' is not supported because it is represented by multiple"
                        + " columns."
                ),
                (#","filter":"status = 'OK' OR name = 'a'""#, "Invalid clause(s) in filter string: 'OR'"),
            ] {
                #expect(try await search(fixture, fields).error == "INVALID_PARAMETER_VALUE: \(message)")
            }
            #expect(
                try await fixture.api.post(Self.api + "traces/search", "{}").error
                    == "INVALID_PARAMETER_VALUE: Missing value for required parameter 'locations'.\(suffix)")
            #expect(try await fixture.api.post(Self.api + "traces/search", #"{"locations":[]}"#).text == "{}")
            #expect(try await search(fixture, experiment: "98765").text == "{}")
        }
    }

    @Test(arguments: TestEngine.available)
    func `Invalid trace infos are rejected`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            let gone = try await fixture.experiment("gone")
            _ = try await fixture.api.post("experiments/delete", #"{"experiment_id":"\#(gone)"}"#)
            let long = String(repeating: "x", count: 4097)
            for (body, error) in [
                (traceInfo(id(1), experiment: "98765"), "RESOURCE_DOES_NOT_EXIST: No Experiment with id=98765 exists"),
                (
                    traceInfo(id(1), experiment: gone),
                    "INVALID_PARAMETER_VALUE: The experiment \(gone) must be in the 'active' state. Current state is deleted."
                ),
                (
                    traceInfo(id(1), #","tags":{"mlflow.traceName":"\#(long)"}"#),
                    "INVALID_PARAMETER_VALUE: 'Trace name' exceeds the maximum length of 4096 characters"
                ),
                (
                    "{}",
                    "INVALID_PARAMETER_VALUE: Missing value for required parameter 'trace'. See the API docs for more information about"
                        + " request parameters."
                ),
            ] {
                #expect(try await fixture.api.post(Self.api + "traces", body).error == error)
            }
            for body in [
                traceInfo("tr-ü"), traceInfo("tr\\u0000"), #"{"trace":{}}"#, traceInfo(id(1)).replacing("1970", with: "when"),
                traceInfo(id(1)).replacing("\"OK\"", with: "\"DONE\""),
            ] {
                #expect(try await fixture.api.post(Self.api + "traces", body).status == 400)
            }
            #expect(try await rowCount(fixture) == 0)
            await #expect(throws: ServiceError.self) { try await send(fixture, [span(1, 1)], experiment: 98765) }
            #expect(throws: InvalidSpan.self) { try SpanUpload([ResourceSpans(spans: [Span()])], experiment: 0, run: nil) }
        }
    }

    @Test(arguments: TestEngine.available)
    func `A client can't set the locations of spans and artifacts`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            try await start(
                fixture, traceInfo(id(1), #","tags":{"mlflow.artifactLocation":"/etc","mlflow.trace.spansLocation":"TRACKING_STORE"}"#))
            let info = try await fixture.api.get(Self.api + "traces/\(id(1))").json["trace"]?["trace_info"]
            // No header indicates that the client sends spans.
            #expect(info?["tags"] == ["mlflow.artifactLocation": .string("mlflow-artifacts:/0/traces/\(id(1))/artifacts")])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Unusual strings are returned unchanged, as far as the database supports them`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            try await start(
                fixture, traceInfo(id(1), #","tags":{"a":"1","a\u0000":"2","\u00e9":"3","e\u0301":"4"},"trace_metadata":{"":"x"}"#))
            var odd = span(1, 1)
            odd.name = "a\0b ' \" \\ %_ 🦜"
            odd.attributes = [Attribute(key: "k\0", value: .string("v\0"))]
            try await send(fixture, [odd])
            let whole = try await fixture.api.get(Self.api + "traces/get?trace_id=\(id(1))")
            #expect(whole.strings("trace.spans.name") == ["a\0b ' \" \\ %_ 🦜"])
            let tags = try #require(whole.json["trace"]?["trace_info"]?["tags"]?.objectValue)
            #expect(tags["a"] == "2" && tags.members.count { ["3", "4"].contains($0.value) } == 2)
        }
    }

    @Test func `A client since 3.4 sends its spans over OTLP`() {
        #expect(ClientVersion.sendsSpans(version: "3.4.0", agent: nil))
        #expect(ClientVersion.sendsSpans(version: nil, agent: "mlflow-python-client/3.17.2"))
        #expect(ClientVersion.sendsSpans(version: "4.0.0rc1", agent: "x"))
        for version in ["3.3.2", "2.22.0", "", "x.y", "3"] { #expect(!ClientVersion.sendsSpans(version: version, agent: nil)) }
        #expect(!ClientVersion.sendsSpans(version: nil, agent: "curl/8"))
    }

    @Test(arguments: TestEngine.available)
    func `An incomplete trace is returned only when the client allows it`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            try await start(fixture, traceInfo(id(1), #","trace_metadata":{"mlflow.trace.sizeStats":"{\"num_spans\": 2}"}"#))
            try await send(fixture, [span(1, 1)])
            let path = Self.api + "traces/get?trace_id=\(id(1))"
            #expect(
                try await fixture.api.get(path).error
                    == "RESOURCE_DOES_NOT_EXIST: Trace with ID \(id(1)) is not fully exported yet, please try again later.")
            #expect(try await fixture.api.get(path + "&allow_partial=True").values("trace.spans").count == 1)
            #expect(try await fixture.api.get(Self.api + "traces/batchGet?trace_ids=\(id(1))").text == "{}")
            async let waiting = fixture.api.get(path)
            try await Task.sleep(for: .milliseconds(100))
            try await send(fixture, [span(1, 2, parent: 1)])
            #expect(try await waiting.values("trace.spans").count == 2)
            try await send(fixture, [span(2, 1)])
            let both = try await fixture.api.get(Self.api + "traces/batchGet?trace_ids=\(id(2))&trace_ids=none&trace_ids=\(id(1))")
            #expect(both.strings("traces.trace_info.trace_id") == [id(2), id(1)])
            let infos = try await fixture.api.post(Self.api + "traces/batchGetInfos", #"{"trace_ids":["none","\#(id(1))"]}"#)
            #expect(infos.strings("trace_infos.trace_id") == [id(1)])
            #expect(
                try await fixture.api.get(Self.api + "traces/get?trace_id=none").error
                    == "RESOURCE_DOES_NOT_EXIST: Trace with ID none is not found.")
            #expect(try await fixture.api.get(Self.api + "traces/none").error == "RESOURCE_DOES_NOT_EXIST: Trace with ID 'none' not found.")
        }
    }

    @Test(arguments: TestEngine.available)
    func `Tags are set and deleted, except those of the service`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            try await start(fixture, traceInfo(id(1)))
            for version in ["2.0", "3.0"] {
                let path = "/api/\(version)/mlflow/traces/\(id(1))/tags"
                #expect(try await fixture.api.patch(path, #"{"key":"größe","value":"🦜"}"#).text == "{}")
                let info = try await fixture.api.get(Self.api + "traces/\(id(1))").json["trace"]?["trace_info"]
                #expect(info?["tags"]?["größe"] == "🦜")
                #expect(try await fixture.api.delete(path, #"{"key":"größe"}"#).text == "{}")
                #expect(
                    try await fixture.api.delete(path, #"{"key":"größe"}"#).error
                        == "RESOURCE_DOES_NOT_EXIST: No trace tag with key 'größe' for trace with ID '\(id(1))'")
                for key in ["mlflow.trace.spansLocation", "mlflow.trace.archiveLocation"] {
                    #expect(
                        try await fixture.api.patch(path, #"{"key":"\#(key)","value":"x"}"#).error
                            == "INVALID_PARAMETER_VALUE: Tag '\(key)' is immutable and cannot be set on a trace.")
                }
                #expect(try await fixture.api.patch(path, #"{"key":"a?!","value":"x"}"#).status == 400)
            }
            #expect(
                try await fixture.api.patch(Self.api + "traces/none/tags", #"{"key":"a","value":"b"}"#).error
                    == "RESOURCE_DOES_NOT_EXIST: Trace with ID 'none' not found.")
        }
    }

    @Test(arguments: TestEngine.available)
    func `Deleted traces leave nothing behind`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            for number in UInt8(1)...4 {
                try await start(fixture, traceInfo(id(number), second: Int(number), #","trace_metadata":{"a":"b"}"#))
                try await send(fixture, [span(number, 1)], run: "run-1")
                _ = try await fixture.api.post(
                    Self.api + "traces/\(id(number))/assessments", #"{"assessment":{"assessment_name":"a","feedback":{"value":1}}}"#)
                _ = try await fixture.api.post(
                    "traces/link-prompts", #"{"trace_id":"\#(id(number))","prompt_versions":[{"name":"p","version":"1"}]}"#)
            }
            #expect(try await search(fixture, #","filter":"prompt = 'p/1'""#).values("traces").count == 4)
            func delete(_ fields: String, version: String = "2.0") async throws -> APIResponse {
                try await fixture.api.post("/api/\(version)/mlflow/traces/delete-traces", #"{"experiment_id":"0"\#(fields)}"#)
            }
            #expect(try await delete(#","request_ids":["\#(id(2))","none"]"#).text == #"{"traces_deleted":1}"#)
            #expect(try await delete(#","max_timestamp_millis":3000,"max_traces":1"#, version: "3.0").text == #"{"traces_deleted":1}"#)
            #expect(try await search(fixture).strings("traces.trace_id") == [id(4), id(3)])
            #expect(
                try await delete("").error
                    == "INVALID_PARAMETER_VALUE: Either `max_timestamp_millis` or `trace_ids` must be specified.")
            #expect(
                try await delete(#","max_timestamp_millis":1,"max_traces":0"#).error
                    == "INVALID_PARAMETER_VALUE: `max_traces` must be a positive integer, received 0.")
            #expect(try await delete(#","max_timestamp_millis":9000"#).text == #"{"traces_deleted":2}"#)
            #expect(try await rowCount(fixture) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Deleting an experiment permanently deletes its traces and their artifacts`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            try await start(fixture, traceInfo(id(200)))
            let before = try await rowCount(fixture)
            let experiment = try await fixture.experiment("old")
            for number in UInt8(1)...70 { try await start(fixture, traceInfo(id(number), experiment: experiment)) }
            try await send(fixture, (UInt8(1)...70).map { span($0, 1) }, experiment: Int64(experiment) ?? 0, run: "run-1")
            let file = "/api/2.0/mlflow-artifacts/artifacts/\(experiment)/traces/\(id(1))/artifacts/traces.json"
            #expect(try await fixture.api.put(file, "hello").status == 200)
            let kept = "/api/2.0/mlflow-artifacts/artifacts/0/traces/\(id(200))/artifacts/traces.json"
            #expect(try await fixture.api.put(kept, "hello").status == 200)
            _ = try await fixture.api.post("experiments/delete", #"{"experiment_id":"\#(experiment)"}"#)
            let freed = try await GarbageCollector(
                database: fixture.database, artifacts: fixture.artifacts, time: TimeSource { UnixMilliseconds(1_000_000) }
            ).run(olderThan: try #require(Age("0s")), events: TaskEventWriter { _ in }, warn: { _ in })
            #expect(freed == GarbageCollectionSummary(experiments: 1, traces: 70, artifactFiles: 1, artifactBytes: 5))
            #expect(try await rowCount(fixture) == before)
            #expect(try await fixture.api.get(file).status == 404)
            #expect(try await fixture.api.get(kept).text == "hello")
        }
    }

    @Test(arguments: TestEngine.available)
    func `A client of 2.x starts, ends, reads and searches traces`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            let made = try await fixture.api.post(
                "traces",
                """
                {"experiment_id":"0","timestamp_ms":1000,"request_metadata":[{"key":"a","value":"b"}],\
                "tags":[{"key":"mlflow.traceName","value":"root"}]}
                """)
            let request = try #require(made.string("trace_info.request_id"))
            #expect(request.wholeMatch(of: /[0-9a-f]{32}/) != nil)
            #expect(made.string("trace_info.status") == "IN_PROGRESS" && made.integer("trace_info.execution_time_ms") == 0)
            let ended = try await fixture.api.patch(
                "traces/\(request)",
                #"{"request_id":"\#(request)","timestamp_ms":1061,"status":"OK","request_metadata":[{"key":"c","value":"d"}],"tags":[]}"#)
            #expect(ended.integer("trace_info.execution_time_ms") == 61 && ended.string("trace_info.status") == "OK")
            let info = try await fixture.api.get("traces/\(request)/info?request_id=\(request)")
            #expect(info.json == ended.json)
            let keys = info.strings("trace_info.request_metadata.key")
            #expect(keys.contains("a") && keys.contains("c"))
            let tags = info.strings("trace_info.tags.value")
            #expect(tags.contains("root") && tags.contains("mlflow-artifacts:/0/traces/\(request)/artifacts"))
            let found = try await fixture.api.get(
                "traces?experiment_ids=0&filter=status+%3D+%27OK%27&max_results=5&order_by=timestamp_ms+DESC")
            #expect(found.strings("traces.request_id") == [request])
            #expect(try await fixture.api.get("traces?max_results=5").status == 400)
            #expect(
                try await fixture.api.get("traces/none/info").error == "RESOURCE_DOES_NOT_EXIST: Trace with ID 'none' not found.")
        }
    }
}

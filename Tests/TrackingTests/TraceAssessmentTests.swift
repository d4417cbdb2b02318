import TestSupport
import Testing
import WireProtocol

@testable import Tracking

@Suite struct TraceAssessmentTests {
    private static let trace = "tr-00000000000000000000000000000001"
    private static let path = "/api/3.0/mlflow/traces/\(trace)/assessments"

    /// Runs `body` with two traces of one session.
    private func withTraces(_ engine: TestEngine, _ body: @Sendable (TrackingFixture) async throws -> Void) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            for number in 1...2 {
                let response = try await fixture.api.post(
                    "/api/3.0/mlflow/traces",
                    """
                    {"trace":{"trace_info":{"trace_id":"\(Self.trace.dropLast())\(number)","trace_location":{"type":"MLFLOW_EXPERIMENT",\
                    "mlflow_experiment":{"experiment_id":"0"}},"request_time":"1970-01-01T00:00:0\(number)Z","state":"OK",\
                    "trace_metadata":{"mlflow.trace.session":"s"}}}}
                    """)
                #expect(response.status == 200, "\(response.text)")
            }
            try await body(fixture)
        }
    }

    private func create(_ fixture: TrackingFixture, _ fields: String) async throws -> APIResponse {
        try await fixture.api.post(Self.path, #"{"assessment":{"assessment_name":"quality",\#(fields)}}"#)
    }

    /// The last digits of the IDs of the traces that match a filter.
    private func found(_ fixture: TrackingFixture, _ filter: String) async throws -> String {
        let response = try await fixture.api.post(
            "/api/3.0/mlflow/traces/search",
            #"{"locations":[{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"0"}}],"filter":"\#(filter)"}"#)
        #expect(response.status == 200, "\(response.text)")
        return response.strings("traces.trace_id").map { String($0.suffix(1)) }.joined()
    }

    @Test(arguments: TestEngine.available)
    func `Feedback is created, updated, overridden and deleted`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            let made = try await create(
                fixture,
                """
                "source":{"source_type":"HUMAN","source_id":"bob"},"create_time":"2026-11-27T03:59:11.941Z",\
                "last_update_time":"2026-11-27T03:59:11.941Z","feedback":{"value":1},"rationale":"why","metadata":{"a":"b"},\
                "span_id":"cede9777f5091e22"
                """)
            let id = try #require(made.string("assessment.assessment_id"))
            #expect(id.wholeMatch(of: /a-[0-9a-f]{32}/) != nil)
            #expect(made.text.contains(#""feedback":{"value":1.0}"#) && made.text.contains(#""valid":true"#))
            #expect(try await fixture.api.get("\(Self.path)/\(id)").json == made.json)
            let changed = try await fixture.api.patch(
                "\(Self.path)/\(id)",
                """
                {"assessment":{"assessment_name":"tone","feedback":{"value":"low"},"rationale":"r2","metadata":{"c":"d"}},\
                "update_mask":"assessmentName,feedback,metadata"}
                """)
            #expect(changed.string("assessment.assessment_name") == "tone")
            #expect(changed.string("assessment.feedback.value") == "low")
            #expect(changed.string("assessment.rationale") == "why")
            #expect(changed.json["assessment"]?["metadata"] == ["a": "b", "c": "d"])
            #expect(changed.string("assessment.create_time") == "2026-11-27T03:59:11.941Z")
            let second = try await create(fixture, #""feedback":{"value":"high"},"overrides":"\#(id)""#)
            let secondID = try #require(second.string("assessment.assessment_id"))
            #expect(try await fixture.api.get("\(Self.path)/\(id)").json["assessment"]?["valid"] == false)
            #expect(try await found(fixture, "feedback.tone = 'low'") == "")
            #expect(try await fixture.api.delete("\(Self.path)/\(secondID)").text == "{}")
            #expect(try await fixture.api.get("\(Self.path)/\(id)").json["assessment"]?["valid"] == true)
            #expect(try await found(fixture, "feedback.tone = 'low'") == "1")
            // Already deleted, and of a trace that doesn't exist.
            #expect(try await fixture.api.delete("\(Self.path)/\(secondID)").status == 200)
            #expect(try await fixture.api.delete("/api/3.0/mlflow/traces/none/assessments/\(id)").status == 200)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Expectations are returned as they were sent`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            let plain = try await create(fixture, #""expectation":{"value":["a",true]}"#)
            #expect(plain.text.contains(#""expectation":{"value":["a",true]}"#))
            let nested = try await create(
                fixture, #""expectation":{"serialized_value":{"serialization_format":"JSON_FORMAT","value":"{\"a\": [1, 2]}"}}"#)
            #expect(
                nested.text.contains(
                    #""expectation":{"serialized_value":{"serialization_format":"JSON_FORMAT","value":"{\"a\": [1, 2]}"}}"#))
            let id = try #require(nested.string("assessment.assessment_id"))
            let refused = try await fixture.api.patch(
                "\(Self.path)/\(id)", #"{"assessment":{"feedback":{"value":1}},"update_mask":"feedback"}"#)
            #expect(refused.error == "INVALID_PARAMETER_VALUE: Cannot update feedback value on an Expectation assessment.")
            let info = try await fixture.api.get("/api/3.0/mlflow/traces/\(Self.trace)")
            #expect(info.values("trace.trace_info.assessments").count == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Traces are found by their assessments and by those of their session`(engine: TestEngine) async throws {
        try await withTraces(engine) { fixture async throws in
            _ = try await create(fixture, #""feedback":{"value":0.5}"#)
            _ = try await fixture.api.post(
                Self.path,
                #"{"assessment":{"assessment_name":"größe","feedback":{"value":"Zürich"},"metadata":{"mlflow.trace.session":"s"}}}"#)
            _ = try await fixture.api.post(Self.path, #"{"assessment":{"assessment_name":"ok","expectation":{"value":true}}}"#)
            _ = try await fixture.api.post(Self.path, #"{"assessment":{"assessment_name":"iss-1","issue":{"issue_name":"iss-1"}}}"#)
            for (filter, traces) in [
                ("feedback.quality > 0.4", "1"), ("feedback.quality >= 0.6", ""), ("feedback.quality = '0.5'", "1"),
                ("feedback.quality != '0.5'", ""), ("feedback.quality IS NOT NULL", "1"), ("feedback.quality IS NULL", "2"),
                ("expectation.quality IS NOT NULL", ""), ("expectation.ok = 'true'", "1"), ("feedback.`größe` = 'Zürich'", "21"),
                ("feedback.`größe` IS NULL", ""), ("issue.id = 'iss-1'", "1"), ("feedback.`größe` RLIKE '^.Z'", "21"),
            ] {
                #expect(try await found(fixture, filter) == traces, "\(filter)")
            }
        }
    }

    @Test func `Invalid assessments are rejected with a reason`() async throws {
        try await withTraces(.sqlite) { fixture async throws in
            let suffix = " See the API docs for more information about request parameters."
            #expect(try await create(fixture, #""rationale":"x""#).error == "INVALID_PARAMETER_VALUE: Unknown assessment type: None")
            #expect(
                try await create(fixture, #""feedback":{"value":1},"overrides":"a-none""#).error
                    == "RESOURCE_DOES_NOT_EXIST: Assessment with ID 'a-none' not found for trace '\(Self.trace)'")
            #expect(
                try await fixture.api.post(Self.path, "{}").error
                    == "INVALID_PARAMETER_VALUE: Missing value for required parameter 'assessment'.\(suffix)")
            let body = #"{"assessment":{"feedback":{"value":1}}}"#
            #expect(
                try await fixture.api.post("/api/3.0/mlflow/traces/none/assessments", body).error
                    == "RESOURCE_DOES_NOT_EXIST: Trace with ID 'none' not found.")
            #expect(
                try await fixture.api.get("/api/3.0/mlflow/traces/none/assessments/a-x").error
                    == "RESOURCE_DOES_NOT_EXIST: Trace with request_id 'none' not found")
            #expect(
                try await fixture.api.get("\(Self.path)/a-x").error
                    == "RESOURCE_DOES_NOT_EXIST: Assessment with ID 'a-x' not found for trace '\(Self.trace)'")
            #expect(
                try await fixture.api.patch("\(Self.path)/a-x", body).error
                    == "INVALID_PARAMETER_VALUE: Missing value for required parameter 'update_mask'.\(suffix)")
        }
    }
}

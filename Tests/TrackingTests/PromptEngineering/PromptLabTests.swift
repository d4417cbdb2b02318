import Foundation
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

/// Runs created from a prompt that was tried in the UI.
@Suite struct PromptLabTests {
    private static let path = "/ajax-api/2.0/mlflow/runs/create-promptlab-run"

    /// A request with some fields replaced; `null` removes a field.
    private static func request(_ changes: JSONObject = [:]) -> String {
        var fields: JSONObject = [
            "experiment_id": "0", "prompt_template": "What is {{thing}}?\nIn {{ lang }}",
            "prompt_parameters": [
                ["key": "thing", "value": "a swallow"], ["key": "lang", "value": "French"],
            ],
            "model_route": "chat", "model_parameters": [["key": "temperature", "value": 0.01], ["key": "flag", "value": true]],
            "model_input": "What is a swallow? In French", "model_output": "Une hirondelle – é",
            "model_output_parameters": [["key": "tokens", "value": 33]], "mlflow_version": "2.7.1",
        ]
        for member in changes.members { fields[member.name] = member.value == .null ? nil : member.value }
        return JSONValue.object(fields).jsonString
    }

    private func text(_ fixture: TrackingFixture, _ run: String, _ file: String) throws -> String {
        try String(contentsOfFile: "\(fixture.directory)/0/\(run)/artifacts/\(file)", encoding: .utf8)
    }

    private func files(_ fixture: TrackingFixture) -> [String] {
        (FileManager.default.enumerator(atPath: fixture.directory)?.allObjects as? [String] ?? []).filter { $0.contains("artifacts/") }
    }

    @Test(arguments: TestEngine.available)
    func `The run has its params, its tags and its files`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture async throws in
            let response = try await fixture.api.post(
                Self.path, Self.request(["run_name": "hello", "tags": [["key": "mine", "value": "1"]]]))
            #expect(response.status == 200, "\(response.text)")
            let id = try #require(response.string("run.info.run_id"))
            #expect(response.string("run.info.status") == "FINISHED" && response.string("run.info.run_name") == "hello")
            #expect(response.string("run.info.user_id") == "unknown" && response.integer("run.info.end_time") != nil)
            let params = Dictionary(
                uniqueKeysWithValues: zip(response.strings("run.data.params.key"), response.strings("run.data.params.value")))
            #expect(
                params == [
                    "temperature": "0.01", "flag": "True", "model_route": "chat", "prompt_template": "What is {{thing}}?\nIn {{ lang }}",
                ])
            let tags = Dictionary(
                uniqueKeysWithValues: zip(response.strings("run.data.tags.key"), response.strings("run.data.tags.value")))
            #expect(
                Set(tags.keys) == [
                    "mlflow.runName", "mlflow.loggedArtifacts", "mlflow.runSourceType", "mlflow.log-model.history", "mine",
                ])
            #expect(tags["mlflow.loggedArtifacts"] == #"[{"path": "eval_results_table.json", "type": "table"}]"#)
            #expect(tags["mlflow.runSourceType"] == "PROMPT_ENGINEERING")
            let history = try JSONValue(parsing: tags["mlflow.log-model.history"] ?? "").arrayValue?.first
            #expect(history?["run_id"]?.stringValue == id && history?["artifact_path"] == "model" && history?["flavors"] == [:])
            let created = try #require(history?["utc_time_created"]?.stringValue)
            #expect(created.hasPrefix("1970-01-01 00:00:00.") && created.hasSuffix("000") && created.count == 26, "\(created)")
            #expect(
                try text(fixture, id, "eval_results_table.json")
                    == #"{"columns": ["thing", "lang", "prompt", "output", "tokens"], "data": [["a swallow", "French", "#
                    + #""What is a swallow? In French", "Une hirondelle \u2013 \u00e9", "33"]]}"#)
            #expect(try text(fixture, id, "model/input_example.json") == #"{"inputs": ["a swallow", "French"]}"#)
            #expect(try text(fixture, id, "model/requirements.txt") == "mlflow[gateway]==3.17.2")
            #expect(
                try text(fixture, id, "model/parameters.yaml") == #"""
                    model_parameters:
                      flag: "True"
                      temperature: "0.01"
                    model_route: chat
                    prompt_parameters:
                      lang: French
                      thing: a swallow
                    prompt_template: "What is {{thing}}?\nIn {{ lang }}"

                    """#)
            let model = try text(fixture, id, "model/MLmodel")
            #expect(model.contains("loader_module: mlflow.prompt.promptlab_model\n") && model.contains("run_id: "))
            #expect(files(fixture).count { !$0.hasSuffix("/model") } == 8)
        }
    }

    @Test func `The error for a missing field names it`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture async throws in
            for field in ["experiment_id", "prompt_template", "prompt_parameters", "model_route", "model_input", "mlflow_version"] {
                let expected = "INVALID_PARAMETER_VALUE: CreatePromptlabRun request must specify \(field)."
                #expect(try await fixture.api.post(Self.path, Self.request([field: .null])).error == expected)
                let empty: JSONValue = field == "prompt_parameters" ? [] : ""
                #expect(try await fixture.api.post(Self.path, Self.request([field: empty])).error == expected)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `An invalid request leaves no run and no file`(engine: TestEngine) async throws {
        let long = JSONValue.string(String(repeating: "x", count: 300))
        let changes: [JSONObject] = [
            ["model_parameters": [["key": "bad!key", "value": 1]]], ["model_parameters": [["key": "model_route", "value": 1]]],
            ["model_parameters": .array((0..<99).map { ["key": .string("k\($0)"), "value": 1] })], ["model_parameters": "x"],
            ["prompt_parameters": [["key": "a", "value": "1"], ["key": "a", "value": "2"]]], ["prompt_parameters": ["x"]],
            ["prompt_parameters": [["value": "1"]]], ["prompt_parameters": [["key": "a", "value": [1]]]],
            ["prompt_parameters": [["key": long, "value": "1"]]], ["prompt_template": 1], ["tags": [["key": "bad!key", "value": "1"]]],
            ["experiment_id": "abc"], ["experiment_id": "77"], ["model_output": [1]], ["start_time": "x"],
            ["model_output": .string(String(repeating: "x", count: 11 << 20))],
        ]
        try await TrackingFixture.run(on: engine) { fixture async throws in
            for change in changes {
                let response = try await fixture.api.post(Self.path, Self.request(change))
                #expect((400...404).contains(response.status), "\(change) \(response.text.prefix(200))")
            }
            let runs = try await fixture.api.post("runs/search", #"{"experiment_ids":["0"]}"#)
            #expect(runs.strings("runs.info.run_id").isEmpty)
            #expect(files(fixture).isEmpty)
        }
    }

    @Test func `A run whose files can't be written is marked as failed, and the error is returned`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture async throws in
            let made = try await fixture.api.post("experiments/create", #"{"name":"elsewhere","artifact_location":"gs://bucket/x"}"#)
            let experiment = try #require(made.string("experiment_id"))
            let response = try await fixture.api.post(Self.path, Self.request(["experiment_id": .string(experiment)]))
            #expect(response.status == 501)
            let runs = try await fixture.api.post("runs/search", #"{"experiment_ids":["\#(experiment)"]}"#)
            #expect(runs.strings("runs.info.status") == ["FAILED"])
            #expect(!runs.text.contains("mlflow.loggedArtifacts"))
        }
    }

    @Test func `A missing output is null in the table, and other values are formatted as in Python`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture async throws in
            let parameters: JSONValue = [
                ["key": "a", "value": .null], ["key": "b", "value": 7], ["key": "c", "value": 1.0], ["key": "d", "value": false],
            ]
            let response = try await fixture.api.post(
                Self.path, Self.request(["prompt_parameters": parameters, "model_output": .null, "model_output_parameters": .null]))
            let id = try #require(response.string("run.info.run_id"))
            let table = try JSONValue(parsing: try text(fixture, id, "eval_results_table.json"))
            #expect(table["data"] == [["None", "7", "1.0", "False", "What is a swallow? In French", .null]])
        }
    }

    @Test func `The table can be overwritten, as the UI does for more rows`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture async throws in
            let id = try #require(try await fixture.api.post(Self.path, Self.request()).string("run.info.run_id"))
            let rows = #"{"columns":["thing"],"data":[["x"],["y"]]}"#
            let written = try await fixture.api.post(
                "/ajax-api/2.0/mlflow/upload-artifact?path=eval_results_table.json&run_uuid=\(id)", rows)
            #expect(written.status == 200)
            #expect(try await fixture.api.get("/get-artifact?path=eval_results_table.json&run_uuid=\(id)").text == rows)
        }
    }
}

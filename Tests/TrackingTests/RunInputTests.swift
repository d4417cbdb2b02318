import TestSupport
import Testing
import WireProtocol

@testable import Tracking

@Suite struct RunInputTests {
    /// A dataset in a request, as JSON.
    private static func dataset(_ name: String, _ digest: String, context: String? = nil, source: String = "s") -> String {
        let tags = context.map { #"{"key":"mlflow.data.context","value":"\#($0)"}"# } ?? ""
        return #"{"tags":[\#(tags)],"dataset":{"name":"\#(name)","digest":"\#(digest)","source_type":"local","source":"\#(source)"}}"#
    }

    private static func log(_ datasets: String..., to run: String, _ tracking: TrackingFixture) async throws -> APIResponse {
        try await tracking.api.post("runs/log-inputs", #"{"run_id":"\#(run)","datasets":[\#(datasets.joined(separator: ","))]}"#)
    }

    @Test(arguments: TestEngine.available)
    func `A run includes its datasets in order, each as first logged`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let (run, other) = (try await tracking.run(), try await tracking.run())
            let train = Self.dataset("train", "1", context: "training")
            #expect(try await Self.log(train, Self.dataset("a", "1"), Self.dataset("a", "1", source: "x"), to: run, tracking).text == "{}")
            #expect(try await Self.log(Self.dataset("train", "1", context: "testing", source: "x"), to: run, tracking).status == 200)
            // Another run uses the same dataset in another context.
            #expect(try await Self.log(Self.dataset("train", "1", context: "testing", source: "x"), to: other, tracking).status == 200)
            let inputs = try await tracking.api.get("runs/get?run_id=\(run)")
            #expect(inputs.strings("run.inputs.dataset_inputs.dataset.name") == ["train", "a"])
            #expect(inputs.strings("run.inputs.dataset_inputs.dataset.source") == ["s", "s"])
            #expect(inputs.strings("run.inputs.dataset_inputs.tags.value") == ["training"])
            let others = try await tracking.api.get("runs/get?run_id=\(other)")
            #expect(others.strings("run.inputs.dataset_inputs.dataset.source") == ["s"])
            #expect(others.strings("run.inputs.dataset_inputs.tags.value") == ["testing"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Datasets with the same name and digest in two experiments are distinct`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let (here, there) = (try await tracking.run(), try await tracking.run(in: tracking.experiment("other")))
            _ = try await Self.log(Self.dataset("a", "1", source: "here"), to: here, tracking)
            _ = try await Self.log(Self.dataset("a", "1", source: "there"), to: there, tracking)
            let inputs = try await tracking.api.get("runs/get?run_id=\(there)")
            #expect(inputs.strings("run.inputs.dataset_inputs.dataset.source") == ["there"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Many runs can log the same new dataset concurrently`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let runs = try await (0..<8).asyncMap { _ in try await tracking.run() }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for run in runs {
                    group.addTask {
                        try await Self.log(Self.dataset("b", "2"), Self.dataset("a", "1"), to: run, tracking).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 8))
            let found = try await tracking.api.post("experiments/search-datasets", #"{"experiment_ids":["0"]}"#)
            #expect(found.strings("dataset_summaries.name") == ["a", "b"])
        }
    }

    @Test func `Strings longer than MLflow's limits are rejected, the longest allowed are not`() async throws {
        try await TrackingFixture.run(on: .sqlite) { tracking in
            let run = try await tracking.run()
            func message(_ dataset: String) async throws -> String? {
                try await Self.log(dataset, to: run, tracking).string("message")
            }
            func long(_ count: Int) -> String { String(repeating: "ä", count: count) }
            #expect(try await message(Self.dataset(long(500), long(36), context: long(500), source: long(65535))) == nil)
            #expect(try await message(Self.dataset(long(501), long(37))) == "'name' exceeds the maximum length of 500 characters")
            #expect(try await message(Self.dataset("n", long(37))) == "'digest' exceeds the maximum length of 36 characters")
            #expect(
                try await message(Self.dataset("n", "d", source: long(65536))) == "'source' exceeds the maximum length of 65535 characters")
            #expect(try await message(Self.dataset("n", "d", context: long(501))) == "'value' exceeds the maximum length of 500 characters")
        }
    }

    @Test(arguments: TestEngine.available)
    func `Inputs of a request are stored atomically`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let run = try await tracking.run()
            let twice = #"{"tags":[{"key":"k","value":"1"},{"key":"k","value":"2"}],"dataset":{"name":"b","digest":"2"}}"#
            let refused = try await Self.log(Self.dataset("a", "1"), twice, to: run, tracking)
            #expect(refused.string("error_code") == "BAD_REQUEST")
            #expect(try await tracking.api.get("runs/get?run_id=\(run)").values("run.inputs.dataset_inputs").isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A run accepts inputs and outputs only while it is active`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let run = try await tracking.run()
            _ = try await tracking.api.post("runs/delete", #"{"run_id":"\#(run)"}"#)
            let model = JSONValue.string(#"{"run_id":"r","artifact_path":"m","flavors":{},"utc_time_created":"t"}"#).jsonString
            for (path, rest) in [
                ("runs/log-inputs", ""), ("runs/outputs", #","models":[]"#), ("runs/log-model", #","model_json":\#(model)"#),
            ] {
                let deleted = try await tracking.api.post(path, #"{"run_id":"\#(run)"\#(rest)}"#)
                #expect(deleted.error == "INVALID_PARAMETER_VALUE: The run \(run) must be in the 'active' state. Current state is deleted.")
                let unknown = try await tracking.api.post(path, #"{"run_id":"nobody"\#(rest)}"#)
                #expect(unknown.error == "RESOURCE_DOES_NOT_EXIST: Run with id=nobody not found")
            }
        }
    }

    @Test(arguments: ["-a", "_a", "a b", "a/b", "\\u00e9", ""])
    func `Inputs require a run ID of letters, digits and hyphens`(id: String) async throws {
        try await TrackingFixture.run(on: .sqlite) { tracking in
            let response = try await tracking.api.post("runs/log-inputs", #"{"run_id":"\#(id)"}"#)
            let message =
                id.isEmpty
                ? "Missing value for required parameter 'run_id'." : "Invalid value \"\(id)\" for parameter 'run_id' supplied."
            #expect(response.string("message")?.hasPrefix(message) == true)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A run includes its input and output models`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let run = try await tracking.run()
            func send(_ path: String, _ models: String) async throws -> APIResponse {
                try await tracking.api.post(path, #"{"run_id":"\#(run)","models":[\#(models)]}"#)
            }
            let (a, b) = (#"{"model_id":"m-a"}"#, #"{"model_id":"m-b","step":-7}"#)
            #expect(try await send("runs/log-inputs", "\(a),\(a)").text == "{}")
            #expect(try await send("runs/log-inputs", a).status == 200)
            #expect(try await send("runs/outputs", "\(a),\(b)").text == "{}")
            let shown = try await tracking.api.get("runs/get?run_id=\(run)")
            #expect(shown.strings("run.inputs.model_inputs.model_id") == ["m-a"])
            #expect(shown.strings("run.outputs.model_outputs.model_id") == ["m-a", "m-b"])
            #expect(shown.values("run.outputs.model_outputs.step") == [.integer(0), .integer(-7)])
        }
    }

    @Test(arguments: TestEngine.available)
    func `A model can be an output of a run only once, and a request is stored atomically`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let run = try await tracking.run()
            func send(_ models: String) async throws -> APIResponse {
                try await tracking.api.post("runs/outputs", #"{"run_id":"\#(run)","models":\#(models)}"#)
            }
            #expect(try await send(#"[{"model_id":"m-a","step":1}]"#).status == 200)
            #expect(try await send(#"[{"model_id":"m-b"},{"model_id":"m-a","step":2}]"#).string("error_code") == "BAD_REQUEST")
            #expect(try await send(#"[{"model_id":"m-c"},{"model_id":"m-c"}]"#).string("error_code") == "BAD_REQUEST")
            #expect(try await send("null").string("message")?.hasPrefix("Missing value for required parameter 'models'.") == true)
            let shown = try await tracking.api.get("runs/get?run_id=\(run)")
            #expect(shown.strings("run.outputs.model_outputs.model_id") == ["m-a"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Datasets of experiments are listed once per context`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let other = try await tracking.experiment("other")
            let runs = try await ["0", "0", other].asyncMap { try await tracking.run(in: $0) }
            _ = try await Self.log(Self.dataset("b", "1", context: "train"), Self.dataset("a", "1"), to: runs[0], tracking)
            _ = try await Self.log(Self.dataset("b", "1", context: "test"), Self.dataset("a", "1", context: ""), to: runs[1], tracking)
            _ = try await Self.log(Self.dataset("b", "1", context: "train"), to: runs[2], tracking)
            let found = try await tracking.api.post("experiments/search-datasets", #"{"experiment_ids":["0","\#(other)"]}"#)
            let shown = found.values("dataset_summaries").map { summary in
                ["experiment_id", "name", "context"].map { summary[$0]?.stringValue ?? "-" }.joined(separator: " ")
            }
            #expect(Set(shown) == ["0 a -", "0 b test", "0 b train", "\(other) b train"])
            let browser = try await tracking.api.post(
                "/ajax-api/2.0/mlflow/experiments/search-datasets", #"{"experiment_ids":["\#(other)"]}"#)
            #expect(browser.strings("dataset_summaries.experiment_id") == [other])
        }
    }

    @Test func `A search for datasets requires 1 to 20 experiments`() async throws {
        try await TrackingFixture.run(on: .sqlite) { tracking async throws in
            func message(_ ids: String) async throws -> String? {
                try await tracking.api.post("experiments/search-datasets", #"{"experiment_ids":[\#(ids)]}"#).string("message")
            }
            #expect(try await message("") == "SearchDatasets request must specify at least one experiment_id.")
            let many = Array(repeating: #""1""#, count: 21).joined(separator: ",")
            #expect(
                try await message(many)
                    == "SearchDatasets request cannot specify more than 20 experiment_ids. Received 21 experiment_ids.")
            #expect(try await message(#""abc""#) == "Invalid experiment ID 'abc'. Experiment ID must be a valid integer.")
            #expect(try await message(#""""#) == "Invalid experiment ID ''. Experiment ID must be a valid integer.")
        }
    }

    @Test(arguments: TestEngine.available)
    func `Models logged by old clients are listed in a tag of the run`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let run = try await tracking.run()
            for path in ["one", "two"] {
                let model = #"{"run_id":"\#(run)","artifact_path":"\#(path)","flavors":{},"utc_time_created":"t","model_uuid":"u"}"#
                let response = try await tracking.api.post(
                    "runs/log-model", #"{"run_id":"\#(run)","model_json":\#(JSONValue.string(model).jsonString)}"#)
                #expect(response.text == "{}")
            }
            let tags = try await tracking.api.get("runs/get?run_id=\(run)").values("run.data.tags")
            let history = tags.first { $0["key"] == .string("mlflow.log-model.history") }?["value"]?.stringValue
            let models = try JSONValue(parsing: history ?? "").arrayValue
            #expect(models?.compactMap { $0["artifact_path"]?.stringValue } == ["one", "two"])
        }
    }
}

import TestSupport
import Testing
import WireProtocol

@Suite struct LoggedModelTests {
    private static let unknown = "m-0123456789abcdef0123456789abcdef"

    @Test(arguments: TestEngine.available)
    func `A new model is pending, with its artifacts below its experiment's`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let run = try await tracking.run()
            let response = try await tracking.api.post(
                "logged-models",
                """
                {"experiment_id":"0","name":"net","model_type":"agent","source_run_id":"\(run)",
                 "params":[{"key":"depth","value":"3"}],"tags":[{"key":"team","value":"red"}]}
                """)
            let id = try #require(response.string("model.info.model_id"))
            #expect(id.wholeMatch(of: /m-[0-9a-f]{32}/) != nil)
            #expect(response.string("model.info.status") == "LOGGED_MODEL_PENDING")
            #expect(response.string("model.info.artifact_uri") == "mlflow-artifacts:/0/models/\(id)/artifacts")
            #expect(response.string("model.info.model_type") == "agent")
            #expect(response.string("model.info.source_run_id") == run)
            #expect(response.integer("model.info.creation_timestamp_ms") == response.integer("model.info.last_updated_timestamp_ms"))
            #expect(response.strings("model.data.params.value") == ["3"])
            #expect(response.strings("model.info.tags.key") == ["team"])
            #expect(try await tracking.api.get("logged-models/\(id)").json == response.json)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A model without a name gets a generated one, and has empty strings and no lists`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let response = try await tracking.api.post("logged-models", #"{"experiment_id":"0","name":""}"#)
            #expect(response.string("model.info.name")?.wholeMatch(of: /[a-z]+-[a-z]+-\d+/) != nil)
            #expect(response.string("model.info.model_type") == "")
            #expect(response.string("model.info.source_run_id") == "")
            #expect(response.values("model.info.tags").isEmpty)
            #expect(response.text.hasSuffix(#""data":{}}}"#))
        }
    }

    @Test(arguments: ["/", ":", ".", "%", "\\\"", "'"])
    func `Names with characters that are special in URIs are rejected`(character: String) async throws {
        try await TrackingFixture.run(on: .sqlite) { tracking in
            let response = try await tracking.api.post("logged-models", #"{"experiment_id":"0","name":"x\#(character)y"}"#)
            let shown = character == "'" ? "\"x'y\"" : "'x\(character == "\\\"" ? "\"" : character)y'"
            #expect(
                response.error == """
                    INVALID_PARAMETER_VALUE: Invalid model name (\(shown)) provided. Model name must be a non-empty string and \
                    cannot contain the following characters: ('/', ':', '.', '%', '"', "'")
                    """)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A model requires an active experiment`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let id = try await tracking.experiment("gone")
            _ = try await tracking.api.post("experiments/delete", #"{"experiment_id":"\#(id)"}"#)
            let responses = try await [#""\#(id)""#, #""98765""#, #""abc""#, #""""#].asyncMap { experiment in
                try await tracking.api.post("logged-models", #"{"experiment_id":\#(experiment)}"#).error
            }
            #expect(
                responses == [
                    "INVALID_PARAMETER_VALUE: The experiment \(id) must be in the 'active' state. Current state is deleted.",
                    "RESOURCE_DOES_NOT_EXIST: No Experiment with id=98765 exists",
                    "INVALID_PARAMETER_VALUE: Invalid experiment ID 'abc'. Experiment ID must be a valid integer.",
                    """
                    INVALID_PARAMETER_VALUE: Missing value for required parameter 'experiment_id'. See the API docs for more \
                    information about request parameters.
                    """,
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `A request with duplicate keys is rejected and stores nothing`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let twice = #"[{"key":"k","value":"1"},{"key":"k","value":"1"}]"#
            for field in ["params", "tags"] {
                let response = try await tracking.api.post("logged-models", #"{"experiment_id":"0","\#(field)":\#(twice)}"#)
                #expect(response.status == 400)
                #expect(response.string("error_code") == "BAD_REQUEST")
            }
            #expect(try await tracking.api.post("logged-models/search", #"{"experiment_ids":["0"]}"#).text == "{}")
        }
    }

    @Test(arguments: TestEngine.available)
    func `A status is set by name or number, for the model in the body`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let (a, b) = (try await tracking.model("a"), try await tracking.model("b"))
            let ready = try await tracking.api.patch("logged-models/\(a)", #"{"model_id":"\#(b)","status":"LOGGED_MODEL_READY"}"#)
            #expect(ready.string("model.info.name") == "b")
            #expect(ready.string("model.info.status") == "LOGGED_MODEL_READY")
            let updated = try #require(ready.integer("model.info.last_updated_timestamp_ms"))
            #expect(updated > ready.integer("model.info.creation_timestamp_ms") ?? .max)
            let failed = try await tracking.api.patch("logged-models/\(a)", #"{"model_id":"\#(a)","status":3}"#)
            #expect(failed.string("model.info.status") == "LOGGED_MODEL_UPLOAD_FAILED")
        }
    }

    @Test func `Setting a status requires a known status and the model's ID`() async throws {
        try await TrackingFixture.run(on: .sqlite) { tracking in
            let id = try await tracking.model("a")
            let errors = try await [
                #"{"status":2}"#, #"{"model_id":"\#(id)"}"#, #"{"model_id":"\#(id)","status":"DONE"}"#,
                #"{"model_id":"\#(Self.unknown)","status":2}"#,
            ].asyncMap { try await tracking.api.patch("logged-models/\(id)", $0).string("message") }
            let suffix = " See the API docs for more information about request parameters."
            #expect(
                errors == [
                    "Missing value for required parameter 'model_id'.\(suffix)",
                    "Missing value for required parameter 'status'.\(suffix)",
                    "Invalid value \"DONE\" for parameter 'status' supplied:  Hint: Value was of type 'str'.\(suffix)",
                    "Logged model with ID '\(Self.unknown)' not found.",
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `A deleted model is hidden, but can still be read, tagged and deleted again`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let id = try await tracking.model("a")
            #expect(try await tracking.api.delete("logged-models/\(id)").text == "{}")
            #expect(
                try await tracking.api.get("logged-models/\(id)").error
                    == "RESOURCE_DOES_NOT_EXIST: Logged model with ID '\(id)' not found.")
            #expect(try await tracking.api.get("logged-models/\(id)?allow_deleted=maybe").status == 404)
            #expect(try await tracking.api.delete("logged-models/\(id)").status == 200)
            let tags = #"{"tags":[{"key":"a","value":"b"}]}"#
            #expect(try await tracking.api.patch("logged-models/\(id)/tags", tags).status == 200)
            let found = try await tracking.api.get("logged-models/\(id)?allow_deleted=TRUE")
            #expect(found.strings("model.info.tags.value") == ["b"])
            #expect(found.integer("model.info.last_updated_timestamp_ms") ?? 0 > found.integer("model.info.creation_timestamp_ms") ?? .max)
            #expect(try await tracking.api.post("logged-models/search", #"{"experiment_ids":["0"]}"#).text == "{}")
            #expect(try await tracking.api.delete("logged-models/\(Self.unknown)").status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `The last of several tags with the same key wins, and a tag can be deleted once`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let id = try await tracking.model("a", #","tags":[{"key":"team","value":"red"}]"#)
            let tags = #"{"tags":[{"key":"team","value":"blue"},{"key":"größe 🦜","value":""},{"key":"team","value":"green"}]}"#
            #expect(try await tracking.api.patch("logged-models/\(id)/tags", tags).text == "{}")
            var model = try await tracking.api.get("logged-models/\(id)")
            #expect(model.strings("model.info.tags.key") == ["größe 🦜", "team"])
            #expect(model.strings("model.info.tags.value") == ["", "green"])
            #expect(model.integer("model.info.last_updated_timestamp_ms") == model.integer("model.info.creation_timestamp_ms"))
            let path = "logged-models/\(id)/tags/gr%C3%B6%C3%9Fe%20%F0%9F%A6%9C"
            #expect(try await tracking.api.delete(path).status == 200)
            #expect(
                try await tracking.api.delete(path).error
                    == "RESOURCE_DOES_NOT_EXIST: No tag with key 'größe 🦜' found for model with ID '\(id)'.")
            model = try await tracking.api.get("logged-models/\(id)")
            #expect(model.strings("model.info.tags.key") == ["team"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Params can be added only once, and a request is atomic`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let id = try await tracking.model("a")
            func log(_ params: String) async throws -> APIResponse {
                try await tracking.api.post("logged-models/\(id)/params", #"{"model_id":"\#(id)","params":[\#(params)]}"#)
            }
            #expect(try await log(#"{"key":"a","value":"1"},{"key":"b"}"#).text == "{}")
            #expect(try await log("").status == 200)
            #expect(try await log(#"{"key":"c","value":"1"},{"key":"a","value":"1"}"#).string("error_code") == "BAD_REQUEST")
            #expect(try await tracking.api.get("logged-models/\(id)").strings("model.data.params.key") == ["a", "b"])
            #expect(try await tracking.api.post("logged-models/\(id)/params", #"{"params":[]}"#).status == 400)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A model includes all points of its metrics, whatever experiment the runs are in`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let id = try await tracking.model("a")
            let (here, there) = (try await tracking.run(), try await tracking.run(in: tracking.experiment("other")))
            try await tracking.log("loss", "0.5", of: id, run: here, time: 20, step: 2)
            try await tracking.log("loss", "0.25", of: id, run: there, time: 10, step: 3, dataset: "test", digest: "d")
            try await tracking.log("acc", "\"NaN\"", of: id, run: there, time: 10)
            // A repeated point counts once; a different value at the same step and time is a separate point.
            try await tracking.log("loss", "0.5", of: id, run: here, time: 20, step: 2)
            try await tracking.log("loss", "0.75", of: id, run: here, time: 20, step: 2)
            let model = try await tracking.api.get("logged-models/\(id)")
            #expect(model.strings("model.data.metrics.key") == ["acc", "loss", "loss", "loss"])
            #expect(model.values("model.data.metrics.value") == [.string("NaN"), .number(0.25), .number(0.5), .number(0.75)])
            #expect(model.strings("model.data.metrics.run_id") == [there, there, here, here])
            #expect(model.strings("model.data.metrics.dataset_name") == ["test"])
            #expect(model.strings("model.data.metrics.dataset_digest") == ["d"])
            #expect(model.strings("model.data.metrics.model_id") == [id, id, id, id])
        }
    }

    @Test func `A dataset of a metric has a name and a digest`() async throws {
        try await TrackingFixture.run(on: .sqlite) { tracking in
            let run = try await tracking.run()
            for part in [#""dataset_name":"a""#, #""dataset_digest":"1""#] {
                let response = try await tracking.api.post(
                    "runs/log-metric", #"{"run_id":"\#(run)","key":"a","value":1,"timestamp":1,\#(part)}"#)
                #expect(
                    response.error
                        == "INVALID_PARAMETER_VALUE: Both dataset_name and dataset_digest must be provided if one is provided")
            }
        }
    }

    @Test func `An unsupported method on a model's path differs from an unknown path`() async throws {
        try await TrackingFixture.run(on: .sqlite) { tracking async throws in
            #expect(try await tracking.api.post("logged-models/m-a", "{}").status == 405)
            #expect(try await tracking.api.get("logged-models/m-a/tags").status == 405)
            #expect(try await tracking.api.get("logged-models/m-a/nothing").status == 404)
        }
    }
}

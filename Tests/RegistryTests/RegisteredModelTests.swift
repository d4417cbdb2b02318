import TestSupport
import Testing
import WireProtocol

@testable import Registry

@Suite struct RegisteredModelTests {
    @Test(arguments: TestEngine.available)
    func `The last of several tags with the same key wins when a model is created`(engine: TestEngine) async throws {
        try await withRegistry(engine) { registry in
            let created = try await registry.post(
                "registered-models/create",
                """
                {"name": "m", "description": "first", "tags": [{"key": "a", "value": "1"}, {"key": "b", "value": "x"},
                 {"key": "a", "value": "2"}]}
                """)
            #expect(created.status == 200)
            let model = created.json.jsonString
            #expect(
                model == """
                    {"registered_model":{"name":"m","creation_timestamp":1000,"last_updated_timestamp":1000,\
                    "description":"first","tags":[{"key":"a","value":"2"},{"key":"b","value":"x"}]}}
                    """)
            #expect(try await registry.get("registered-models/get", "name=m").json.jsonString == model)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A name is unique, and the error states whether a model or a prompt has it`(engine: TestEngine) async throws {
        try await withRegistry(engine) { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            let isPrompt = #""tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]"#
            _ = try await registry.post("registered-models/create", #"{"name": "p", \#(isPrompt)}"#)
            let again = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            #expect(again.status == 400)
            #expect(again.code == "RESOURCE_ALREADY_EXISTS")
            #expect(again.message == "Registered Model (name=m) already exists.")
            #expect(
                try await registry.post("registered-models/create", #"{"name": "p", \#(isPrompt)}"#).message
                    == "Prompt (name=p) already exists.")
            #expect(
                try await registry.post("registered-models/create", #"{"name": "p"}"#).message
                    == "Tried to create a registered model with name 'p', but the name is already taken by a prompt. MLflow does not"
                    + " allow creating a model and a prompt with the same name.")
        }
    }

    @Test(arguments: [
        (#"{}"#, "Missing value for required parameter 'name'. See the API docs for more information about request parameters."),
        (#"{"name": "  "}"#, "Missing value for required parameter 'name'."),
        (#"{"name": "a/b"}"#, "Invalid model name 'a/b'. Names cannot contain '/' or ':'."),
        (
            #"{"name": ".."}"#,
            "Invalid value \"..\" for parameter 'name' supplied: Names may be treated as files in certain cases, and must not"
                + " resolve to other names when treated as such. This name would resolve to '..'"
        ),
        (
            #"{"name": "m", "tags": {}}"#,
            "Invalid value {} for parameter 'tags' supplied:  Hint: Value was of type 'dict'. See the API docs for more information"
                + " about request parameters."
        ),
    ])
    func `Invalid names and tags are rejected with MLflow's messages`(body: String, message: String) async throws {
        try await withRegistry { registry in
            let response = try await registry.post("registered-models/create", body)
            #expect(response.status == 400)
            #expect(response.code == "INVALID_PARAMETER_VALUE")
            #expect(response.message == message)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A rename keeps versions, tags and aliases, and updates the timestamps`(engine: TestEngine) async throws {
        try await withRegistry(engine) { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "old", "tags": [{"key": "k", "value": "v"}]}"#)
            _ = try await registry.post("model-versions/create", #"{"name": "old", "source": "s3://b/1"}"#)
            _ = try await registry.post("registered-models/alias", #"{"name": "old", "alias": "best", "version": "1"}"#)
            registry.clock.set(2000)
            let renamed = try await registry.post("registered-models/rename", #"{"name": "old", "new_name": "new"}"#)
            #expect(renamed["registered_model.last_updated_timestamp"]?.integerValue == 2000)
            #expect(renamed["registered_model.latest_versions.0.last_updated_timestamp"]?.integerValue == 2000)
            #expect(renamed["registered_model.tags.0.value"]?.stringValue == "v")
            let version = try await registry.get("registered-models/alias", "name=new&alias=best")
            #expect(version["model_version.name"]?.stringValue == "new")
            #expect(try await registry.get("registered-models/get", "name=old").status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A rename to a taken name changes nothing`(engine: TestEngine) async throws {
        try await withRegistry(engine) { registry in
            for name in ["a", "b"] { _ = try await registry.post("registered-models/create", #"{"name": "\#(name)"}"#) }
            registry.clock.set(2000)
            let response = try await registry.post("registered-models/rename", #"{"name": "a", "new_name": "b"}"#)
            #expect(response.status == 400)
            #expect(response.code == "RESOURCE_ALREADY_EXISTS")
            #expect(response.message == "Registered Model (name=b) already exists.")
            for name in ["a", "b"] {
                let model = try await registry.get("registered-models/get", "name=\(name)")
                #expect(model["registered_model.last_updated_timestamp"]?.integerValue == 1000)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Deleting a model deletes all of its data, so that its name can be reused`(engine: TestEngine) async throws {
        try await withRegistry(engine) { registry in
            let create = #"{"name": "m", "tags": [{"key": "k", "value": "v"}]}"#
            _ = try await registry.post("registered-models/create", create)
            let version = #"{"name": "m", "source": "s3://b/1", "tags": [{"key": "k", "value": "v"}]}"#
            for _ in 1...2 { _ = try await registry.post("model-versions/create", version) }
            _ = try await registry.post("registered-models/alias", #"{"name": "m", "alias": "best", "version": "2"}"#)
            #expect(try await registry.delete("registered-models/delete", #"{"name": "m"}"#).status == 200)
            #expect(try await registry.get("model-versions/get", "name=m&version=1").status == 404)
            #expect(try await registry.get("model-versions/search", "filter=tags.k='v'").json.jsonString == "{}")
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            let model = try await registry.get("registered-models/get", "name=m")
            #expect(model["registered_model.tags"] == nil)
            #expect(model["registered_model.aliases"] == nil)
            let first = try await registry.post("model-versions/create", #"{"name": "m", "source": "s3://b/1"}"#)
            #expect(first["model_version.version"]?.stringValue == "1")
        }
    }

    @Test func `An update without a description removes it`() async throws {
        try await withRegistry { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m", "description": "x"}"#)
            registry.clock.set(2000)
            let response = try await registry.patch("registered-models/update", #"{"name": "m"}"#)
            #expect(response["registered_model.description"] == nil)
            #expect(response["registered_model.last_updated_timestamp"]?.integerValue == 2000)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Setting a tag overwrites it, and deleting a nonexistent tag succeeds`(engine: TestEngine) async throws {
        try await withRegistry(engine) { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            registry.clock.set(2000)
            for value in ["1", "2"] {
                let body = #"{"name": "m", "key": "k", "value": "\#(value)"}"#
                #expect(try await registry.post("registered-models/set-tag", body).json.jsonString == "{}")
            }
            var model = try await registry.get("registered-models/get", "name=m")
            #expect(model["registered_model.tags"]?.jsonString == #"[{"key":"k","value":"2"}]"#)
            #expect(model["registered_model.last_updated_timestamp"]?.integerValue == 1000)
            for _ in 1...2 {
                #expect(try await registry.delete("registered-models/delete-tag", #"{"name": "m", "key": "k"}"#).status == 200)
            }
            model = try await registry.get("registered-models/get", "name=m")
            #expect(model["registered_model.tags"] == nil)
            #expect(try await registry.delete("registered-models/delete-tag", #"{"name": "x", "key": "k"}"#).status == 404)
        }
    }
}

import HTTPTypes
import TestSupport
import Testing
import WireProtocol

@testable import Registry

@Suite struct SourceResolverTests {
    /// A tracking service with one run and one logged model.
    private func tracking() -> FakeTracking {
        FakeTracking(
            runs: ["r1": "mlflow-artifacts:/1/r1/artifacts", "local": "/no/such/artifacts"],
            models: ["m-1": .init(artifactURI: "mlflow-artifacts:/1/models/m-1/artifacts", sourceRunID: "r1")])
    }

    private func create(_ fields: String) -> String { #"{"name": "m", \#(fields)}"# }

    @Test(arguments: [
        #""source": "s3://bucket/a//b""#, #""source": "s3://bucket/a/""#, #""source": "dbfs:/x""#, #""source": "nonsense:/x""#,
        #""source": "gs://bucket/a b""#, #""source": "s3://bucket/größe""#, #""source": "s3://bucket/x", "run_id": "unknown""#,
        #""source": "runs:/r1/model", "run_id": "r1""#,
        #""source": "mlflow-artifacts:/1/r1/artifacts/model", "run_id": "r1""#,
        #""source": "mlflow-artifacts:/1/r1/artifacts", "run_id": "r1""#,
        #""source": "models:/m-1", "model_id": "m-1""#,
        #""source": "mlflow-artifacts:/1/models/m-1/artifacts/x", "model_id": "m-1""#,
        #""source": "/no/such/artifacts/model", "run_id": "local""#,
        #""source": "file:///no/such/artifacts/a%20b", "run_id": "local""#,
    ])
    func `Sources that the request is allowed to name are accepted`(fields: String) async throws {
        try await withRegistry(tracking: tracking()) { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            let response = try await registry.post("model-versions/create", create(fields))
            #expect(response.status == 200, "\(response.message ?? "")")
        }
    }

    @Test(arguments: [
        #""source": "/etc/passwd""#, #""source": "/etc/passwd", "run_id": "local""#, #""source": "relative/path", "run_id": "local""#,
        #""source": "file:///etc/passwd", "run_id": "local""#, #""source": "file://host/no/such/artifacts", "run_id": "local""#,
        #""source": "/no/such/artifacts/../x", "run_id": "local""#, #""source": "/no/such/artifacts/%2e%2e/x", "run_id": "local""#,
        #""source": "/no/such/artifacts/%252e%252e/x", "run_id": "local""#, #""source": "/no/such/artifactsx", "run_id": "local""#,
        #""source": "/no/such/artifacts/x", "run_id": "r1""#, #""source": "/no/such/artifacts/x", "run_id": "unknown""#,
        #""source": "\t/etc/passwd""#, #""source": "fi\tle:///etc/passwd""#, #""source": "s3://bucket/a/../b""#,
        #""source": "s3://bucket/a/./b""#, #""source": "s3://bucket/%2e%2e/b""#, #""source": "s3://bucket/%25252e%25252e/b""#,
        #""source": "s3://bucket/a%2f..%2fb""#, #""source": "s3://bucket/a\\..\\b""#, #""source": "s3://bucket/a\u0000b""#,
        #""source": "s3://bucket/a%00b""#, #""source": "s3:""#, #""source": "s3://bucket""#, #""source": "C:\\x""#,
        #""source": "http://host/x""#, #""source": "HTTPS://host/x""#, #""source": "ftp://host/x""#,
        #""source": "mlflow-artifacts://host/x""#, #""source": "mlflow-artifacts:/1/r1/artifacts""#,
        #""source": "mlflow-artifacts:/1/r2/artifacts", "run_id": "r1""#,
        #""source": "mlflow-artifacts:/1/r1/artifactsx", "run_id": "r1""#,
        #""source": "mlflow-artifacts:/1/r1/artifacts/../../2", "run_id": "r1""#,
        #""source": "mlflow-artifacts:/1/r1/artifacts/%2e%2e/x", "run_id": "r1""#, #""source": "runs:/r1/model""#,
        #""source": "runs:/r2/model", "run_id": "r1""#, #""source": "runs://host/r1/model", "run_id": "r1""#,
        #""source": "models:/m-1""#, #""source": "models:/m-2", "model_id": "m-1""#, #""source": "models:/""#,
        #""source": "models://host/m/1""#, #""source": "runs:/r1/model", "model_id": "m-1""#,
        #""source": "mlflow-artifacts:/1/r1/artifacts", "model_id": "m-1""#, #""source": "/etc/passwd", "model_id": "m-1""#,
        #""source": "dummy-source""#,
        #""source": "/etc/passwd", "tags": [{"key": "mlflow.prompt.is_prompt", "value": "TRUE"}]"#,
    ])
    func `Sources that the request doesn't own are rejected, and no version is created`(fields: String) async throws {
        try await withRegistry(tracking: tracking()) { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            let response = try await registry.post("model-versions/create", create(fields))
            #expect(response.status == 400)
            #expect(response.code == "INVALID_PARAMETER_VALUE")
            #expect(try await registry.get("model-versions/search").json.jsonString == "{}")
        }
    }

    @Test func `A version of a logged model is downloaded from the model's directory, and the model lists its versions`() async throws {
        let tracking = tracking()
        try await withRegistry(tracking: tracking) { registry in
            for name in ["m", "n"] { _ = try await registry.post("registered-models/create", #"{"name": "\#(name)"}"#) }
            for name in ["m", "m", "n"] {
                let body = #"{"name": "\#(name)", "source": "models:/m-1", "model_id": "m-1"}"#
                let created = try await registry.post("model-versions/create", body)
                #expect(created["model_version.source"]?.stringValue == "models:/m-1")
                #expect(created["model_version.run_id"]?.stringValue == "r1")
            }
            let uri = try await registry.get("model-versions/get-download-uri", "name=m&version=2")
            #expect(uri["artifact_uri"]?.stringValue == "mlflow-artifacts:/1/models/m-1/artifacts")
            #expect(
                tracking.tag("mlflow.modelVersions", ofModel: "m-1")
                    == #"[{"name":"m","version":1},{"name":"m","version":2},{"name":"n","version":1}]"#)
        }
    }

    @Test func `All calls to the tracking service belong to the trace of the client's request`() async throws {
        let tracking = tracking()
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        try await withRegistry(tracking: tracking) { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            let name = try #require(HTTPField.Name("traceparent"))
            let sources = [
                #""source": "models:/m-1", "model_id": "m-1""#, #""source": "mlflow-artifacts:/1/r1/artifacts/model", "run_id": "r1""#,
            ]
            for source in sources {
                let created = try await registry.send(.post, "model-versions/create", create(source), headers: [name: trace])
                #expect(created.status == 200)
            }
        }
        #expect(tracking.calls.count >= 4)
        #expect(tracking.traces.allSatisfy { $0 == trace })
    }

    @Test func `A nonexistent logged model is an error, and no version is created`() async throws {
        try await withRegistry(tracking: tracking()) { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            for id in ["m-2", "../runs/get", "m-1/../m-1", ".."] {
                let response = try await registry.post(
                    "model-versions/create", create(#""source": "s3://b/x", "run_id": "r1", "model_id": "\#(id)""#))
                #expect(response.status == 404)
                #expect(response.message == "Logged model with ID '\(id)' not found.")
            }
            #expect(try await registry.get("model-versions/search").json.jsonString == "{}")
        }
    }

    @Test(arguments: TestEngine.available)
    func `A version created from another version stores that version's location`(engine: TestEngine) async throws {
        try await withRegistry(engine, tracking: tracking()) { registry in
            for name in ["m", "copy"] { _ = try await registry.post("registered-models/create", #"{"name": "\#(name)"}"#) }
            _ = try await registry.post("model-versions/create", create(#""source": "runs:/r1/model", "run_id": "r1""#))
            _ = try await registry.post("registered-models/alias", #"{"name": "m", "alias": "best", "version": "1"}"#)
            for source in ["models:/m/1", "models:/m@best", "models:/m/latest", "models:/m/None"] {
                let copy = try await registry.post("model-versions/create", #"{"name": "copy", "source": "\#(source)"}"#)
                #expect(copy["model_version.source"]?.stringValue == "models:/m/1")
                #expect(copy["model_version.run_id"]?.stringValue == "r1")
            }
            _ = try await registry.delete("model-versions/delete", #"{"name": "m", "version": "1"}"#)
            let uri = try await registry.get("model-versions/get-download-uri", "name=copy&version=2")
            #expect(uri["artifact_uri"]?.stringValue == "runs:/r1/model")
        }
    }

    @Test(arguments: [
        ("models:/nobody/1", 404, "Registered Model with name=nobody not found"),
        ("models:/m/9", 404, "Model Version (name=m, version=9) not found"),
        ("models:/m@none", 400, "Registered model alias none not found."),
        ("models:/m/Production", 404, "No versions of model with name 'm' and stage 'Production' found"),
        ("models:/p/1", 400, "Invalid model version source: 'models:/p/1'. Prompt versions cannot be used as model version sources."),
        (
            "models://host/m/1", 400,
            "Invalid model version source: 'models://host/m/1'. Registered model sources must use the active model registry."
        ),
    ])
    func `Invalid references to versions are rejected`(source: String, status: Int, message: String) async throws {
        try await withRegistry { registry in
            let isPrompt = #""tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]"#
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            _ = try await registry.post("registered-models/create", #"{"name": "p", \#(isPrompt)}"#)
            _ = try await registry.post("model-versions/create", create(#""source": "s3://b/x""#))
            let response = try await registry.post("model-versions/create", create(#""source": "\#(source)""#))
            #expect(response.status == status)
            #expect(response.message == message)
        }
    }

    @Test func `If the tracking service is unreachable, the client is asked to retry`() async throws {
        try await withRegistry(trackingURI: "http://127.0.0.1:1") { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            let response = try await registry.post("model-versions/create", create(#""source": "models:/m-1", "model_id": "m-1""#))
            #expect(response.status == 503)
            #expect(response.code == "TEMPORARILY_UNAVAILABLE")
            #expect(response.headers[.retryAfter] == "1")
            #expect(try await registry.get("model-versions/search").json.jsonString == "{}")
            // Requests that don't need the tracking service still succeed.
            let other = try await registry.post("model-versions/create", create(#""source": "s3://b/x""#))
            #expect(other.status == 200)
        }
    }

    @Test func `An operator can require a pattern and allow schemes`() async throws {
        let policy = try SourcePolicy(allowedSchemes: "HTTP, ftp", pattern: "^(http|s3):")
        try await withRegistry(policy: policy) { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            let refused = try await registry.post("model-versions/create", create(#""source": "gs://bucket/x""#))
            #expect(refused.message == "Invalid model version source: 'gs://bucket/x'.")
            #expect(try await registry.post("model-versions/create", create(#""source": "http://host/x""#)).status == 200)
            let served = #""source": "http://host/api/2.0/mlflow-artifacts/artifacts/x""#
            #expect(try await registry.post("model-versions/create", create(served)).status == 400)
        }
        #expect(throws: (any Error).self) { try SourcePolicy(pattern: "(") }
    }
}

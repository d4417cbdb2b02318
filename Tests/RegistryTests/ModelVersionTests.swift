import TestSupport
import Testing
import WireProtocol

@testable import Registry

@Suite struct ModelVersionTests {
    /// Runs `body` with a registry that has the model "m" with `count` versions.
    private func withVersions(
        _ count: Int, _ engine: TestEngine = .sqlite, _ body: @escaping @Sendable (RegistryClient) async throws -> Void
    ) async throws {
        try await withRegistry(engine) { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            for number in 0..<count {
                let created = try await registry.post("model-versions/create", #"{"name": "m", "source": "s3://b/\#(number)"}"#)
                try #require(created["model_version.version"]?.stringValue == String(number + 1))
            }
            try await body(registry)
        }
    }

    private func stages(_ registry: RegistryClient) async throws -> [String: String] {
        let found = try await registry.get("model-versions/search", "filter=name='m'")
        let versions = found["model_versions"]?.arrayValue ?? []
        return Dictionary(
            uniqueKeysWithValues: versions.map {
                ($0["version"]?.stringValue ?? "", $0["current_stage"]?.stringValue ?? "")
            })
    }

    @Test(arguments: TestEngine.available)
    func `A version has the fields it was created with, and empty strings for the others`(engine: TestEngine) async throws {
        try await withVersions(1, engine) { registry in
            let version = try await registry.get("model-versions/get", "name=m&version=1")
            #expect(
                version.json.jsonString == """
                    {"model_version":{"name":"m","version":"1","creation_timestamp":1000,"last_updated_timestamp":1000,\
                    "current_stage":"None","description":"","source":"s3://b/0","run_id":"","status":"READY","run_link":""}}
                    """)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Concurrently created versions get consecutive numbers`(engine: TestEngine) async throws {
        try await withVersions(0, engine) { registry in
            let numbers = try await withThrowingTaskGroup(of: Int64?.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        let created = try await registry.post("model-versions/create", #"{"name": "m", "source": "s3://b/x"}"#)
                        return created["model_version.version"]?.integerValue
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(numbers.compactMap(\.self).sorted() == Array(1...40))
        }
    }

    @Test(arguments: TestEngine.available)
    func `A version is deleted with its aliases, but its number isn't reused`(engine: TestEngine) async throws {
        try await withVersions(2, engine) { registry in
            _ = try await registry.post("registered-models/alias", #"{"name": "m", "alias": "best", "version": "2"}"#)
            registry.clock.set(2000)
            #expect(try await registry.delete("model-versions/delete", #"{"name": "m", "version": "2"}"#).status == 200)
            let gone = try await registry.get("model-versions/get", "name=m&version=2")
            #expect(gone.status == 404)
            #expect(gone.message == "Model Version (name=m, version=2) not found")
            #expect(try await registry.delete("model-versions/delete", #"{"name": "m", "version": "2"}"#).status == 404)
            let alias = try await registry.get("registered-models/alias", "name=m&alias=best")
            #expect(alias.status == 400)
            #expect(alias.message == "Registered model alias best not found.")
            let model = try await registry.get("registered-models/get", "name=m")
            #expect(model["registered_model.last_updated_timestamp"]?.integerValue == 2000)
            #expect(model["registered_model.latest_versions.0.version"]?.stringValue == "1")
            let next = try await registry.post("model-versions/create", #"{"name": "m", "source": "s3://b/x"}"#)
            #expect(next["model_version.version"]?.stringValue == "3")
        }
    }

    @Test(arguments: TestEngine.available)
    func `A version that enters a stage can archive the others in that stage`(engine: TestEngine) async throws {
        try await withVersions(3, engine) { registry in
            for version in 1...2 {
                let body = #"{"name": "m", "version": "\#(version)", "stage": "PRODUCTION"}"#
                _ = try await registry.post("model-versions/transition-stage", body)
            }
            #expect(try await stages(registry) == ["1": "Production", "2": "Production", "3": "None"])
            registry.clock.set(2000)
            let body = #"{"name": "m", "version": "3", "stage": "Production", "archive_existing_versions": true}"#
            let moved = try await registry.post("model-versions/transition-stage", body)
            #expect(moved["model_version.current_stage"]?.stringValue == "Production")
            #expect(try await stages(registry) == ["1": "Archived", "2": "Archived", "3": "Production"])
            let archived = try await registry.get("model-versions/get", "name=m&version=1")
            #expect(archived["model_version.last_updated_timestamp"]?.integerValue == 2000)
        }
    }

    @Test func `Only active stages can be archived, and unknown stages are rejected`() async throws {
        try await withVersions(1) { registry in
            let archive = #"{"name": "m", "version": "1", "stage": "archived", "archive_existing_versions": true}"#
            let refused = try await registry.post("model-versions/transition-stage", archive)
            #expect(refused.status == 400)
            #expect(
                refused.message
                    == "Model version transition cannot archive existing model versions because 'archived' is not an Active stage."
                    + " Valid stages are ['Staging', 'Production']")
            let unknown = try await registry.post(
                "model-versions/transition-stage", #"{"name": "m", "version": "1", "stage": "Testing"}"#)
            #expect(
                unknown.message == "Invalid Model Version stage: Testing. Value must be one of None, Staging, Production, Archived.")
        }
    }

    @Test(arguments: TestEngine.available)
    func `The latest versions are the newest in each stage`(engine: TestEngine) async throws {
        try await withVersions(5, engine) { registry in
            for version in [1, 3] {
                let body = #"{"name": "m", "version": "\#(version)", "stage": "Staging"}"#
                _ = try await registry.post("model-versions/transition-stage", body)
            }
            _ = try await registry.post("registered-models/alias", #"{"name": "m", "alias": "best", "version": "3"}"#)
            let all = try await registry.post("registered-models/get-latest-versions", #"{"name": "m"}"#)
            #expect((all["model_versions"]?.arrayValue ?? []).compactMap { $0["version"]?.stringValue } == ["3", "5"])
            #expect(all["model_versions.0.aliases"]?.jsonString == #"["best"]"#)
            let staging = try await registry.get("registered-models/get-latest-versions", "name=m&stages=staging")
            #expect((staging["model_versions"]?.arrayValue ?? []).compactMap { $0["version"]?.stringValue } == ["3"])
            let model = try await registry.get("registered-models/get", "name=m")
            #expect(model["registered_model.latest_versions.0.aliases"] == nil)
            #expect(model["registered_model.aliases"]?.jsonString == #"[{"alias":"best","version":"3"}]"#)
        }
    }

    @Test(arguments: TestEngine.available)
    func `An update without a description removes it, an empty description is stored`(engine: TestEngine) async throws {
        try await withVersions(1, engine) { registry in
            let empty = try await registry.patch("model-versions/update", #"{"name": "m", "version": "1", "description": ""}"#)
            #expect(empty["model_version.description"]?.stringValue == "")
            let none = try await registry.patch("model-versions/update", #"{"name": "m", "version": "1"}"#)
            #expect(none.status == 200)
            #expect(none["model_version.description"] == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `An alias points to one version, and the alias latest to the newest`(engine: TestEngine) async throws {
        try await withVersions(3, engine) { registry in
            for version in 1...2 {
                let body = #"{"name": "m", "alias": "best", "version": "\#(version)"}"#
                #expect(try await registry.post("registered-models/alias", body).status == 200)
            }
            let best = try await registry.get("registered-models/alias", "name=m&alias=best")
            #expect(best["model_version.version"]?.stringValue == "2")
            #expect(best["model_version.aliases"]?.jsonString == #"["best"]"#)
            let latest = try await registry.get("registered-models/alias", "name=m&alias=LATEST")
            #expect(latest["model_version.version"]?.stringValue == "3")
            for _ in 1...2 {
                #expect(try await registry.delete("registered-models/alias", #"{"name": "m", "alias": "best"}"#).status == 200)
            }
            #expect(try await registry.get("registered-models/alias", "name=m&alias=best").status == 400)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Tags of a version can contain a prompt, up to a limit`(engine: TestEngine) async throws {
        try await withVersions(1, engine) { registry in
            let longest = String(repeating: "ü", count: 100_000)
            let set = #"{"name": "m", "version": "1", "key": "mlflow.prompt.text", "value": "\#(longest)"}"#
            #expect(try await registry.post("model-versions/set-tag", set).status == 200)
            let found = try await registry.get("model-versions/get", "name=m&version=1")
            #expect(found["model_version.tags.0.value"]?.stringValue == longest)
            let long = #"{"name": "m", "version": "1", "key": "mlflow.prompt.text", "value": "\#(longest)x"}"#
            let refused = try await registry.post("model-versions/set-tag", long)
            #expect(refused.message == "Prompt text exceeds max length of 100000 characters.")
            let delete = #"{"name": "m", "version": "1", "key": "mlflow.prompt.text"}"#
            #expect(try await registry.delete("model-versions/delete-tag", delete).status == 200)
            #expect(try await registry.get("model-versions/get", "name=m&version=1")["model_version.tags"] == nil)
        }
    }

    @Test(arguments: [("01", 200), ("0", 404), ("99999999999999999999", 404), ("one", 400), ("1.0", 400)])
    func `Version numbers are integers`(version: String, status: Int) async throws {
        try await withVersions(1) { registry in
            let actual = try await registry.get("model-versions/get", "name=m&version=\(version)").status
            #expect(actual == status)
        }
    }
}

import Foundation
import HTTPServer
import TestSupport
import Testing
import WireProtocol

@testable import Registry

@Suite struct SearchTests {
    /// Runs `body` with a registry that has the models a, b and c, the prompt p, and versions with tags.
    private func withModels(_ engine: TestEngine, _ body: @escaping @Sendable (RegistryClient) async throws -> Void) async throws {
        try await withRegistry(engine) { registry in
            for (time, model) in [
                (1000, #"{"name": "b", "tags": [{"key": "team", "value": "red"}]}"#),
                (2000, #"{"name": "a", "tags": [{"key": "team", "value": "Red"}, {"key": "size", "value": "big"}]}"#),
                (3000, #"{"name": "c"}"#),
                (4000, #"{"name": "p", "tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]}"#),
            ] as [(Int64, String)] {
                registry.clock.set(time)
                _ = try await registry.post("registered-models/create", model)
            }
            for (time, version) in [
                (5000, #"{"name": "b", "source": "s3://b/1", "run_id": "r1", "tags": [{"key": "lang", "value": "de"}]}"#),
                (6000, #"{"name": "a", "source": "s3://a/1", "run_id": "r1"}"#),
                (7000, #"{"name": "b", "source": "s3://b/2", "tags": [{"key": "lang", "value": "en"}]}"#),
                (8000, #"{"name": "p", "source": "dummy-source", "tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]}"#),
            ] as [(Int64, String)] {
                registry.clock.set(time)
                _ = try await registry.post("model-versions/create", version)
            }
            try await body(registry)
        }
    }

    private func models(_ registry: RegistryClient, _ query: [(String, String)]) async throws -> String {
        let found = try await registry.get("registered-models/search", Self.encode(query))
        return found.message ?? (found["registered_models"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }.joined(separator: " ")
    }

    private func versions(_ registry: RegistryClient, _ query: [(String, String)]) async throws -> String {
        let found = try await registry.get("model-versions/search", Self.encode(query))
        return found.message
            ?? (found["model_versions"]?.arrayValue ?? []).map {
                ($0["name"]?.stringValue ?? "") + ($0["version"]?.stringValue ?? "")
            }.joined(separator: " ")
    }

    private static func encode(_ query: [(String, String)]) -> String {
        var components = URLComponents()
        components.queryItems = query.map { URLQueryItem(name: $0, value: $1) }
        return components.percentEncodedQuery ?? ""
    }

    @Test(arguments: TestEngine.available)
    func `Models are found by name and tag`(engine: TestEngine) async throws {
        try await withModels(engine) { registry in
            for (filter, expected) in [
                ("", "a b c"), ("name = 'a'", "a"), ("name != 'a'", "b c"), ("name LIKE 'A%'", ""), ("name ILIKE 'A%'", "a"),
                ("name IN ('c', 'a', 'zz')", "a c"), ("name NOT IN ('c')", "a b"), ("tags.team = 'red'", "b"),
                ("tags.team ILIKE 'red'", "a b"), ("tag.team != 'red'", "a"), ("tags.team = 'Red' AND tags.size = 'big'", "a"),
                ("tags.size = 'big' AND name = 'b'", ""), ("tags.none != 'x'", ""),
                ("name > 'a'", "Invalid comparator for attribute: >"),
            ] {
                let actual = try await models(registry, [("filter", filter)])
                #expect(actual == expected, "\(filter)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Prompts are found only if the filter asks for them`(engine: TestEngine) async throws {
        try await withModels(engine) { registry in
            let tag = "tags.`mlflow.prompt.is_prompt`"
            for (filter, expected) in [
                ("name = 'p'", ""), ("\(tag) = 'true'", "p"), ("\(tag) != 'false'", "p"), ("\(tag) != 'true'", "a b c"),
                ("\(tag) = 'false'", "a b c"), ("name = 'p' AND \(tag) = 'TRUE'", ""),
            ] {
                let actual = try await models(registry, [("filter", filter)])
                #expect(actual == expected, "\(filter)")
            }
            let actual = try await versions(registry, [("filter", "name = 'p'")])
            #expect(actual == "")
            let second = try await versions(registry, [("filter", "name = 'p' AND \(tag) = 'true'")])
            #expect(second == "p1")
        }
    }

    @Test(arguments: TestEngine.available)
    func `Models are ordered by name or time`(engine: TestEngine) async throws {
        try await withModels(engine) { registry in
            for (order, expected) in [
                (["name DESC"], "c b a"), (["timestamp"], "c a b"), (["last_updated_timestamp DESC", "name"], "b a c"),
                (["name UP"], "Invalid ordering key in order_by clause 'name UP'."),
                (["name", "name DESC"], "`order_by` contains duplicate fields: ['name', 'name DESC']"),
            ] {
                let actual = try await models(registry, order.map { ("order_by", $0) })
                #expect(actual == expected, "\(order)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Results are paginated, and the last page has no token`(engine: TestEngine) async throws {
        try await withModels(engine) { registry in
            let first = try await registry.get("registered-models/search", "max_results=2")
            let token = try #require(first["next_page_token"]?.stringValue)
            let second = try await registry.get(
                "registered-models/search", Self.encode([("max_results", "2"), ("page_token", token)]))
            #expect((first["registered_models"]?.arrayValue ?? []).count == 2)
            #expect(second["registered_models.0.name"]?.stringValue == "c")
            #expect(second["next_page_token"] == nil)
            #expect(try await registry.get("registered-models/search", "max_results=3")["next_page_token"] == nil)
        }
    }

    @Test(arguments: [
        ("registered-models/search", "0", "Invalid value for max_results. It must be a positive integer, but got 0"),
        (
            "registered-models/search", "1001",
            "Invalid value \"1001\" for parameter 'max_results' supplied:  Hint: Value was of type 'str'. See the API docs for more"
                + " information about request parameters."
        ),
        ("model-versions/search", "-1", "Invalid value for max_results. It must be a positive integer, but got -1"),
        (
            "model-versions/search", "many",
            "Invalid value \"many\" for parameter 'max_results' supplied:  Hint: Value was of type 'str'. See the API docs for more"
                + " information about request parameters."
        ),
    ])
    func `The page size is limited`(path: String, size: String, message: String) async throws {
        try await withRegistry { registry in
            let response = try await registry.get(path, "max_results=\(size)")
            #expect(response.status == 400)
            #expect(response.message == message)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Search results include the latest versions, tags and aliases of every model`(engine: TestEngine) async throws {
        try await withModels(engine) { registry in
            _ = try await registry.post("registered-models/alias", #"{"name": "b", "alias": "best", "version": "1"}"#)
            let found = try await registry.get("registered-models/search")
            let single = try await registry.get("registered-models/get", "name=b")
            #expect(found["registered_models.1"] == single["registered_model"])
            #expect(found["registered_models.1.latest_versions.0.tags"]?.jsonString == #"[{"key":"lang","value":"en"}]"#)
            #expect(found["registered_models.2.latest_versions"] == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Versions are found by name, number, run, source and tag`(engine: TestEngine) async throws {
        try await withModels(engine) { registry in
            for (filter, expected) in [
                ("", "b2 a1 b1"), ("name = 'b'", "b2 b1"), ("run_id = 'r1'", "a1 b1"), ("run_id IN ('r1', 'r2')", "a1 b1"),
                ("run_id != 'r1'", "b2"), ("version_number > 1", "b2"), ("version_number <= '1'", "a1 b1"),
                ("source_path LIKE 's3://b/%'", "b2 b1"), ("source_path = 's3://a/1'", "a1"), ("tags.lang = 'de'", "b1"),
                ("tags.lang != 'de'", "b2"), ("tags.lang LIKE '%e%' AND version_number = 2", "b2"),
                ("version_number = 'a'", "Invalid value for numeric attribute 'version_number': 'a'"),
            ] {
                let actual = try await versions(registry, [("filter", filter)])
                #expect(actual == expected, "\(filter)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Versions are sorted by the requested order, then by name and number`(engine: TestEngine) async throws {
        try await withModels(engine) { registry in
            for (order, expected) in [
                (["name"], "a1 b2 b1"), (["version_number"], "a1 b1 b2"), (["version_number DESC", "name DESC"], "b2 b1 a1"),
                (["creation_timestamp"], "b1 a1 b2"), (["last_updated_timestamp DESC"], "b2 a1 b1"),
            ] {
                let actual = try await versions(registry, order.map { ("order_by", $0) })
                #expect(actual == expected, "\(order)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `A response can't exceed the memory budget of requests`(engine: TestEngine) async throws {
        try await withRegistry(engine) { registry in
            let long = String(repeating: "x", count: 100_000)
            for number in 0..<5 {
                let body = #"{"name": "m\#(number)", "description": "\#(long)"}"#
                #expect(try await registry.post("registered-models/create", body).status == 200)
            }
            for (limit, status) in [(4 << 20, 200), (1 << 20, 400)] {
                let memory = RequestMemory(of: MemoryBudget(limit: limit))
                let found = try await RequestMemory.$current.withValue(memory) {
                    try await registry.get("registered-models/search", "max_results=100")
                }
                #expect(found.status == status)
                if status == 400 {
                    #expect(found.message?.contains("needs more memory than the service's limit of \(limit) bytes") == true)
                }
            }
            let tooLong = try await registry.post("registered-models/create", #"{"name": "long", "description": "\#(long)x"}"#)
            #expect(tooLong.message == "'description' exceeds the maximum length of 100000 characters")
        }
    }
}

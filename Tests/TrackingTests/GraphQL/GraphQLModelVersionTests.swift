import ArtifactStore
import Foundation
import ServiceClient
import Synchronization
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

/// Model versions, which GraphQL reads from the registry.
@Suite struct GraphQLModelVersionTests {
    /// Runs `body` with the tracking service in front of a registry whose responses `script` determines.
    private func withRegistry(
        _ script: @escaping @Sendable (ScriptedRequest) -> ScriptedResponse, _ body: @escaping @Sendable (TestAPI) async throws -> Void
    ) async throws {
        try await withScriptedServer({ script($0) }) { url in
            try await withTemporaryDirectory { directory in
                try await withDatabase(.sqlite) { database in
                    let artifacts = ArtifactStoreResolver(
                        defaultStore: try LocalArtifactStore(root: directory), roots: try ArtifactRoots([])
                    ) {
                        throw ArtifactError(.unsupported, $0)
                    }
                    let tracking = Tracking(
                        database: database, artifacts: artifacts, artifactRoot: "mlflow-artifacts:/",
                        registry: try #require(ServiceAddress(url)))
                    try await tracking.prepare()
                    try await TestAPI.run(tracking.register, body)
                    await artifacts.shutdown()
                }
            }
        }
    }

    private func run(_ api: TestAPI) async throws -> String {
        try #require(try await api.post("runs/create", #"{"experiment_id":"0"}"#).string("run.info.run_id"))
    }

    private func ask(_ api: TestAPI, _ query: String) async throws -> JSONValue {
        try await api.post("/graphql", (["query": .string(query)] as JSONValue).jsonString).json
    }

    private static func version(_ number: Int, of run: String) -> JSONValue {
        [
            "name": "m", "version": .string("\(number)"), "creation_timestamp": .integer(Int64(number)), "current_stage": "None",
            "status": "READY", "run_id": .string(run), "tags": [["key": "k", "value": "v"]], "aliases": ["a"],
        ]
    }

    @Test func `One request reads the model versions of all runs of a page`() async throws {
        let requests = Mutex<[String]>([])
        let runs = Mutex<[String]>([])
        try await withRegistry { request in
            requests.withLock { $0.append(request.path + "?" + (request.query.removingPercentEncoding ?? "")) }
            let versions = runs.withLock { runs in runs.enumerated().map { Self.version($0 + 1, of: $1) } }
            return ScriptedResponse((["model_versions": .array(versions + versions.prefix(1))] as JSONValue).jsonString)
        } _: { api in
            let first = try await run(api)
            let second = try await run(api)
            runs.withLock { $0 = [first, second] }
            let response = try await ask(
                api,
                """
                { mlflowSearchRuns(input: {experimentIds: ["0"], orderBy: ["start_time"]}) {
                  runs { info { runId } modelVersions { name version creationTimestamp lastUpdatedTimestamp status description aliases
                    tags { key value } deploymentJobState { jobId jobState } __typename } } } }
                """)
            let shown = { (number: Int) -> JSONValue in
                [
                    "name": "m", "version": .string("\(number)"), "creationTimestamp": .string("\(number)"), "lastUpdatedTimestamp": "0",
                    "status": "READY", "description": "", "aliases": ["a"], "tags": [["key": "k", "value": "v"]],
                    "deploymentJobState": ["jobId": "", "jobState": .null], "__typename": "MlflowModelVersion",
                ]
            }
            #expect(response["errors"] == .null)
            let found = response["data"]?["mlflowSearchRuns"]?["runs"]?.arrayValue ?? []
            #expect(found.count == 2)
            for item in found {
                let isFirst = item["info"]?["runId"] == .string(first)
                #expect(item["modelVersions"] == (isFirst ? [shown(1), shown(1)] : [shown(2)]))
            }
            let asked = requests.withLock { $0 }
            #expect(asked.count == 1)
            #expect(asked.first?.hasPrefix("/api/2.0/mlflow/model-versions/search?filter=run_id IN ('") == true, "\(asked)")
        }
    }

    @Test func `The registry is called only if model versions are selected`() async throws {
        let count = Mutex(0)
        try await withRegistry { _ in
            count.withLock { $0 += 1 }
            return ScriptedResponse("{}")
        } _: { api in
            let run = try await run(api)
            let response = try await ask(api, #"{ mlflowGetRun(input: {runId: "\#(run)"}) { run { info { runId } } } }"#)
            #expect(response["errors"] == .null)
            #expect(count.withLock { $0 } == 0)
        }
    }

    @Test(arguments: [
        ScriptedResponse(503, #"{"error_code":"TEMPORARILY_UNAVAILABLE","message":"no"}"#), ScriptedResponse(500, "broken"),
        ScriptedResponse("no JSON"), ScriptedResponse(#"{"model_versions":"no list"}"#),
    ])
    func `If the registry fails, a run has no versions and no error`(response: ScriptedResponse) async throws {
        try await withRegistry { _ in
            response
        } _: { api in
            let run = try await run(api)
            let response = try await ask(
                api, #"{ mlflowGetRun(input: {runId: "\#(run)"}) { run { experiment { name } modelVersions { name } } } }"#)
            #expect(
                response == [
                    "data": ["mlflowGetRun": ["run": ["experiment": ["name": "Default"], "modelVersions": []]]], "errors": .null,
                ])
        }
    }

    @Test func `Model versions are searched with the registry's filter, order and pages`() async throws {
        let requests = Mutex<[String]>([])
        try await withRegistry { request in
            requests.withLock { $0.append(request.query.removingPercentEncoding ?? "") }
            if request.query.contains("bad") {
                return ScriptedResponse(
                    400, #"{"error_code":"INVALID_PARAMETER_VALUE","message":"Invalid clause(s) in filter string: bad"}"#)
            }
            return ScriptedResponse(
                (["model_versions": [Self.version(1, of: "r")], "next_page_token": "t2"] as JSONValue).jsonString)
        } _: { api in
            let found = try await ask(
                api,
                """
                { mlflowSearchModelVersions(
                    input: {filter: "name='m'", maxResults: 1, orderBy: ["name", "version_number ASC"], pageToken: "t1"}) {
                  modelVersions { version runId } nextPageToken } }
                """)
            #expect(
                found["data"]?["mlflowSearchModelVersions"]
                    == ["modelVersions": [["version": "1", "runId": "r"]], "nextPageToken": "t2"])
            let refused = try await ask(api, #"{ mlflowSearchModelVersions(input: {filter: "bad"}) { nextPageToken } }"#)
            #expect(
                refused == ["data": ["mlflowSearchModelVersions": .null], "errors": ["Invalid clause(s) in filter string: bad"]])
            #expect(
                requests.withLock { $0 } == [
                    "filter=name='m'&max_results=1&page_token=t1&order_by=name&order_by=version_number ASC",
                    "filter=bad&max_results=10000",
                ])
        }
    }
}

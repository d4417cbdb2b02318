import HTTPTypes
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

/// `/graphql` on real stores.
@Suite struct GraphQLQueryTests {
    /// Creates a run with everything that can be logged, and an empty one.
    private func withRuns(
        _ engine: TestEngine, _ body: @Sendable (_ fixture: TrackingFixture, _ run: String, _ bare: String) async throws -> Void
    ) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let experiment = try await fixture.experiment("e", tags: ["team": "a"])
            #expect(experiment == "1")
            let created = try await fixture.api.post(
                "runs/create", #"{"experiment_id":"1","run_name":"one","start_time":1000,"user_id":"me"}"#)
            let run = try #require(created.string("run.info.run_id"))
            let bare = try await fixture.run(in: "1")
            for (path, body) in [
                (
                    "runs/log-batch",
                    """
                    {"run_id":"\(run)","metrics":[{"key":"m","value":1.5,"timestamp":1,"step":0},
                    {"key":"m","value":2.5,"timestamp":2,"step":1},
                    {"key":"nan","value":"NaN","timestamp":3,"step":9007199254740993}],"params":[{"key":"p","value":"q"}]}
                    """
                ),
                (
                    "runs/log-inputs",
                    """
                    {"run_id":"\(run)","datasets":[{"tags":[{"key":"mlflow.data.context","value":"train"}],
                    "dataset":{"name":"d","digest":"dg","source_type":"local","source":"s"}}],"models":[{"model_id":"m-1"}]}
                    """
                ),
                ("runs/outputs", #"{"run_id":"\#(run)","models":[{"model_id":"m-2","step":5}]}"#),
                ("runs/update", #"{"run_id":"\#(run)","status":"FINISHED","end_time":5000}"#),
            ] {
                let response = try await fixture.api.post(path, body)
                guard response.status == 200 else { throw UnexpectedResponse(text: response.text) }
            }
            try await body(fixture, run, bare)
        }
    }

    private func ask(_ fixture: TrackingFixture, _ query: String, _ variables: JSONValue = [:]) async throws -> JSONValue {
        let response = try await fixture.api.post("/graphql", (["query": .string(query), "variables": variables] as JSONValue).jsonString)
        #expect(response.status == 200)
        return response.json
    }

    @Test(arguments: TestEngine.available)
    func `A run is returned with its logged data and its experiment`(engine: TestEngine) async throws {
        try await withRuns(engine) { fixture, run, bare in
            let query = """
                query GetRun($data: MlflowGetRunInput!) @component(name: "UI") {
                  mlflowGetRun(input: $data) {
                    apiError { code message helpUrl __typename }
                    run {
                      info { runName status runUuid experimentId artifactUri endTime lifecycleStage startTime userId __typename }
                      experiment { experimentId name tags { key value __typename } lifecycleStage __typename }
                      modelVersions { status version name source __typename }
                      data { metrics { key value step timestamp __typename } params { key value __typename } tags { key value } __typename }
                      inputs {
                        datasetInputs { dataset { digest name profile schema source sourceType } tags { key value } }
                        modelInputs { modelId }
                      }
                      outputs { modelOutputs { modelId step } }
                      __typename
                    }
                    __typename
                  }
                }
                """
            let expected: JSONValue = [
                "data": [
                    "mlflowGetRun": [
                        "apiError": .null,
                        "run": [
                            "info": [
                                "runName": "one", "status": "FINISHED", "runUuid": .string(run), "experimentId": "1",
                                "artifactUri": .string("mlflow-artifacts:/1/\(run)/artifacts"), "endTime": "5000",
                                "lifecycleStage": "active", "startTime": "1000", "userId": "me", "__typename": "MlflowRunInfo",
                            ],
                            "experiment": [
                                "experimentId": "1", "name": "e",
                                "tags": [["key": "team", "value": "a", "__typename": "MlflowExperimentTag"]],
                                "lifecycleStage": "active", "__typename": "MlflowExperiment",
                            ],
                            // No registry is running.
                            "modelVersions": [],
                            "data": [
                                "metrics": [
                                    ["key": "m", "value": 2.5, "step": "1", "timestamp": "2", "__typename": "MlflowMetricExtension"],
                                    [
                                        "key": "nan", "value": .null, "step": "9007199254740993", "timestamp": "3",
                                        "__typename": "MlflowMetricExtension",
                                    ],
                                ],
                                "params": [["key": "p", "value": "q", "__typename": "MlflowParam"]],
                                "tags": [["key": "mlflow.runName", "value": "one"]], "__typename": "MlflowRunData",
                            ],
                            "inputs": [
                                "datasetInputs": [
                                    [
                                        "dataset": [
                                            "digest": "dg", "name": "d", "profile": "", "schema": "", "source": "s", "sourceType": "local",
                                        ],
                                        "tags": [["key": "mlflow.data.context", "value": "train"]],
                                    ]
                                ],
                                "modelInputs": [["modelId": "m-1"]],
                            ],
                            "outputs": ["modelOutputs": [["modelId": "m-2", "step": "5"]]],
                            "__typename": "MlflowRunExtension",
                        ],
                        "__typename": "MlflowGetRunResponse",
                    ]
                ],
                "errors": .null,
            ]
            #expect(try await ask(fixture, query, ["data": ["runId": .string(run)]]) == expected)
            let other = try await ask(
                fixture,
                """
                query($d: MlflowGetRunInput) {
                  mlflowGetRun(input: $d) { run { info { endTime status } inputs { modelInputs { modelId } } } } }
                """,
                ["d": ["runUuid": .string(bare)]])
            #expect(
                other == [
                    "data": ["mlflowGetRun": ["run": ["info": ["endTime": "0", "status": "RUNNING"], "inputs": ["modelInputs": []]]]],
                    "errors": .null,
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Runs are searched as in REST, by a query and by a mutation`(engine: TestEngine) async throws {
        try await withRuns(engine) { fixture, run, bare in
            let selection = "runs { info { runId } experiment { name } } nextPageToken"
            let first = try await ask(
                fixture, "query($d: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $d) { \(selection) } }",
                ["d": ["experimentIds": ["1"], "maxResults": 1, "orderBy": ["params.p DESC"]]])
            #expect(first["errors"] == .null)
            let page = first["data"]?["mlflowSearchRuns"]
            #expect(page?["runs"] == [["info": ["runId": .string(run)], "experiment": ["name": "e"]]])
            let token = try #require(page?["nextPageToken"])
            let second = try await ask(
                fixture, "mutation($d: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $d) { \(selection) } }",
                ["d": ["experimentIds": ["1"], "maxResults": 1, "orderBy": ["params.p DESC"], "pageToken": token]])
            #expect(
                second["data"]?["mlflowSearchRuns"]
                    == ["runs": [["info": ["runId": .string(bare)], "experiment": ["name": "e"]]], "nextPageToken": ""])
            let filtered = try await ask(
                fixture,
                """
                { mlflowSearchRuns(input: {experimentIds: ["0", "1"], filter: "metrics.m > 2", runViewType: ALL}) {
                  runs { info { runName } } } }
                """)
            #expect(filtered["data"]?["mlflowSearchRuns"] == ["runs": [["info": ["runName": "one"]]]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Experiments, metric histories, artifacts and datasets can be read`(engine: TestEngine) async throws {
        try await withRuns(engine) { fixture, run, _ in
            let upload = try await fixture.api.put("/api/2.0/mlflow-artifacts/artifacts/1/\(run)/artifacts/sub/x.txt", "abc")
            #expect(upload.status == 200)
            let data = try await ask(
                fixture,
                """
                query($run: String!) {
                  a: mlflowGetExperiment(input: {experimentId: "1"}) {
                    experiment { name creationTime effectiveTraceArchivalRetention workspace } }
                  b: mlflowGetExperiment(input: {}) { experiment { name } }
                  c: mlflowGetMetricHistoryBulkInterval(input: {runIds: [$run], metricKey: "m"}) {
                    metrics { key value step timestamp runId __typename } }
                  d: mlflowGetMetricHistoryBulkInterval(input: {runIds: [$run], metricKey: "m", startStep: 1, endStep: 2}) {
                    metrics { value } }
                  e: mlflowGetMetricHistoryBulkInterval(input: {runIds: [$run], metricKey: "nan"}) { metrics { value } }
                  f: mlflowGetMetricHistoryBulkInterval(input: {}) { metrics { value } }
                  g: mlflowListArtifacts(input: {runId: $run}) { rootUri files { path isDir fileSize } nextPageToken }
                  h: mlflowListArtifacts(input: {runId: $run, path: "sub"}) { files { path isDir fileSize } }
                }
                """, ["run": .string(run)])
            let point: (Double, String, String) -> JSONValue = { value, step, time in
                [
                    "key": "m", "value": .number(value), "step": .string(step), "timestamp": .string(time), "runId": .string(run),
                    "__typename": "MlflowMetricWithRunId",
                ]
            }
            let expected: JSONValue = [
                "a": ["experiment": ["name": "e", "creationTime": "2", "effectiveTraceArchivalRetention": "", "workspace": "default"]],
                "b": ["experiment": ["name": "Default"]],
                "c": ["metrics": [point(1.5, "0", "1"), point(2.5, "1", "2")]],
                "d": ["metrics": [["value": 2.5]]],
                "e": ["metrics": [["value": .null]]],
                "f": ["metrics": []],
                "g": [
                    "rootUri": .string("mlflow-artifacts:/1/\(run)/artifacts"),
                    "files": [["path": "sub", "isDir": true, "fileSize": "0"]], "nextPageToken": "",
                ],
                "h": ["files": [["path": "sub/x.txt", "isDir": false, "fileSize": "3"]]],
            ]
            #expect(data == ["data": expected, "errors": .null])
            let datasets = try await ask(
                fixture,
                """
                mutation {
                  mlflowSearchDatasets(input: {experimentIds: ["1"]}) { datasetSummaries { experimentId name digest context } } }
                """)
            #expect(
                datasets["data"]?["mlflowSearchDatasets"]
                    == ["datasetSummaries": [["experimentId": "1", "name": "d", "digest": "dg", "context": "train"]]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `A field that fails is null without affecting others, and its error is a string`(engine: TestEngine) async throws {
        try await withRuns(engine) { fixture, run, _ in
            let response = try await ask(
                fixture,
                """
                query($run: String) {
                  a: mlflowGetRun(input: {runId: "none"}) { run { info { runId } } apiError { code } }
                  b: mlflowGetRun(input: {runId: $run}) { run { info { runName } } }
                  c: mlflowGetExperiment(input: {experimentId: "99"}) { apiError { code } }
                  d: mlflowSearchRuns(input: {experimentIds: ["1"], filter: "bad"}) { __typename }
                  e: mlflowSearchRuns(input: {experimentIds: ["x"]}) { __typename }
                  f: mlflowListArtifacts(input: {runId: $run, path: "../x"}) { __typename }
                  g: mlflowGetRun { __typename }
                  h: __typename
                }
                """, ["run": .string(run)])
            #expect(
                response["data"] == [
                    "a": .null, "b": ["run": ["info": ["runName": "one"]]], "c": .null, "d": .null, "e": .null, "f": .null, "g": .null,
                    "h": "Query",
                ])
            #expect(
                response["errors"] == [
                    "Run with id=none not found", "No Experiment with id=99 exists", "Invalid clause(s) in filter string: 'bad'",
                    "Invalid experiment ID 'x'. Experiment ID must be a valid integer.", "Invalid path",
                    "Field 'mlflowGetRun' requires the argument 'input'.",
                ])
        }
    }

    @Test func `An invalid query gets errors without data, and a malformed request gets status 400`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture in
            #expect(try await ask(fixture, "{ a }") == ["data": .null, "errors": ["Cannot query field 'a' on type 'Query'."]])
            #expect(try await ask(fixture, "{")["data"] == .null)
            for (body, error) in [
                ("{}", "Missing value for required parameter 'query'."), ("no JSON", "Missing value for required parameter 'query'."),
                (#"{"query":5}"#, "Invalid value 5 for parameter 'query' supplied:"),
                (#"{"query":"{__typename}","variables":[]}"#, "Invalid value [] for parameter 'variables' supplied:"),
            ] {
                let response = try await fixture.api.post("/graphql", body)
                #expect(response.status == 400)
                #expect(response.string("message")?.hasPrefix(error) == true, "\(response.text)")
            }
            let plain = try await fixture.api.send(.post, "/graphql", "{}", headers: [("Content-Type", "text/plain")])
            #expect(plain.error == "INVALID_PARAMETER_VALUE: Bad Request. Content-Type must be one of ['application/json'].")
            let large = try await fixture.api.post("/graphql", #"{"query":"\#(String(repeating: " ", count: 1 << 20))"}"#)
            #expect(large.status == 413)
            let get = try await fixture.api.send(.get, "/graphql", #"{"query":"{__typename}"}"#)
            #expect(get.text == #"{"data":{"__typename":"Query"},"errors":null}"#)
            #expect(try await fixture.api.put("/graphql", "{}").status == 405)
        }
    }

    @Test func `Every field of the schema can be written`() async throws {
        try await withRuns(.sqlite) { fixture, run, _ in
            let inputs: [String: String] = [
                "mlflowGetRun": #"{runId: "\#(run)"}"#, "mlflowSearchRuns": #"{experimentIds: ["1"]}"#,
                "mlflowSearchDatasets": #"{experimentIds: ["1"]}"#, "mlflowListArtifacts": #"{runId: "\#(run)"}"#,
                "mlflowGetMetricHistoryBulkInterval": #"{runIds: ["\#(run)"], metricKey: "m"}"#,
            ]
            for (kind, root) in [("query", MLflowSchema.schema.query), ("mutation", MLflowSchema.schema.mutation)] {
                for field in root.fields where field.name != "mlflowSearchModelVersions" {
                    let response = try await ask(
                        fixture, "\(kind) { \(field.name)(input: \(inputs[field.name] ?? "{}")) \(Self.everything(field.object)) }")
                    #expect(response["errors"] == .null, "\(field.name)")
                }
            }
        }
    }

    private static func everything(_ object: GraphQLObjectDefinition?) -> String {
        guard let object else { return "" }
        return "{ __typename \(object.fields.map { "\($0.name) \(everything($0.object))" }.joined(separator: " ")) }"
    }
}

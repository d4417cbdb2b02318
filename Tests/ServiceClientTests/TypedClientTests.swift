import ServiceClient
import Synchronization
import Testing
import TestSupport
import WireProtocol

/// The typed clients: the requests that they send, and the responses that they accept.
@Suite struct TypedClientTests {
    /// Runs `body` with a client of a server that always sends `response`.
    ///
    /// - Returns: the requests, as `METHOD /path?query`.
    private func requests(
        _ response: ScriptedResponse, _ body: @escaping @Sendable (JSONServiceClient) async throws -> Void
    ) async throws -> [String] {
        let requests = Mutex<[String]>([])
        let script: @Sendable (ScriptedRequest) -> ScriptedResponse = { request in
            requests.withLock { $0.append("\(request.method) \(request.path)" + (request.query.isEmpty ? "" : "?\(request.query)")) }
            return response
        }
        try await withScriptedServer(script) { uri in
            let client = JSONServiceClient(name: "peer", address: try #require(ServiceAddress(uri)), timeout: .seconds(60))
            try await body(client)
            await client.close()
        }
        return requests.withLock { $0 }
    }

    @Test func `A model version is found by its number, or by its alias`() async throws {
        let response = ScriptedResponse(#"{"model_version": {"name": "m", "version": "7", "run_id": "r", "from_the_future": 1}}"#)
        let sent = try await requests(response) { client async throws in
            let registry = RegistryClient(client: client)
            let version = try await registry.modelVersion("7", of: "m")
            #expect(version.version == 7 && version.runID == "r" && version.source == nil)
            #expect(try await registry.modelVersion(alias: "best", of: "m").version == 7)
        }
        #expect(
            sent == [
                "GET /api/2.0/mlflow/model-versions/get?name=m&version=7",
                "GET /api/2.0/mlflow/registered-models/alias?name=m&alias=best",
            ])
    }

    @Test func `The location of a model version's files is required in a response`() async throws {
        let sent = try await requests(ScriptedResponse(#"{"artifact_uri": "s3://b/m"}"#)) { client async throws in
            #expect(try await RegistryClient(client: client).downloadURI(ofVersion: "7", of: "m") == "s3://b/m")
        }
        #expect(sent == ["GET /api/2.0/mlflow/model-versions/get-download-uri?name=m&version=7"])
        _ = try await requests(ScriptedResponse("{}")) { client async throws in
            let error = await #expect(throws: ServiceError.self) {
                try await RegistryClient(client: client).downloadURI(ofVersion: "7", of: "m")
            }
            #expect(error?.code == .internalError)
        }
    }

    @Test func `The artifacts of a run are listed`() async throws {
        let response = ScriptedResponse(
            #"{"root_uri": "s3://b/r", "files": [{"path": "m/a", "is_dir": false, "file_size": "5"}, {"path": "m/d", "is_dir": true}]}"#)
        let sent = try await requests(response) { client async throws in
            let list = try await TrackingClient(client: client).artifacts(ofRun: "r", in: "m")
            #expect(list.rootURI == "s3://b/r")
            #expect(
                list.files == [
                    FileInfo(path: "m/a", isDirectory: false, size: 5), FileInfo(path: "m/d", isDirectory: true, size: nil),
                ])
        }
        #expect(sent == ["GET /api/2.0/mlflow/artifacts/list?run_id=r&path=m"])
    }

    @Test func `A run without a location is incomplete, and one with values of the wrong type is invalid`() async throws {
        for (response, text) in [
            (#"{"run": {"info": {"run_id": "r"}}}"#, "The peer service returned an incomplete description of a run."),
            (#"{"run": {"info": {"run_id": 7}}}"#, "The peer service returned an invalid response."),
            (#"{"something": "else"}"#, "The peer service returned an invalid response."),
        ] {
            _ = try await requests(ScriptedResponse(response)) { client async throws in
                let error = await #expect(throws: ServiceError.self) { try await TrackingClient(client: client).run("r") }
                #expect(error?.message == text)
                #expect(error?.code == .internalError)
            }
        }
    }

    @Test func `A run in a response may have more metrics than a request`() async throws {
        let count = MessageFields.maximumRequestElements + 1
        let metrics = Array(repeating: #"{"key":"m","value":1}"#, count: count).joined(separator: ",")
        let response = ScriptedResponse(#"{"run": {"info": {"artifact_uri": "s3://b/r"}, "data": {"metrics": [\#(metrics)]}}}"#)
        _ = try await requests(response) { client async throws in
            #expect(try await TrackingClient(client: client).run("r").metrics.count == count)
        }
    }

    @Test func `An experiment is found by its name, or created`() async throws {
        let response = ScriptedResponse(#"{"experiment": {"experiment_id": "12", "name": "e"}, "experiment_id": "12"}"#)
        let sent = try await requests(response) { client async throws in
            let tracking = TrackingClient(client: client)
            #expect(try await tracking.experiment(named: "e").id == 12)
            #expect(try await tracking.createExperiment(named: "e") == 12)
        }
        #expect(sent == ["GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=e", "POST /api/2.0/mlflow/experiments/create"])
    }
}

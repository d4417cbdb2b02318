import ArtifactStore
import Database
import Foundation
import Primitives
import ServiceClient
import ServiceKit
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

/// Artifact locations named by clients that the service doesn't access with its own credentials.
@Suite struct ForeignLocationTests {
    /// Runs `body` with a service that may access `s3://allowed/root`, where a directory replaces the bucket.
    private func run(_ body: @Sendable (TestAPI, any Database, ArtifactStoreResolver) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try await withDatabase(.sqlite) { database in
                let artifacts = ArtifactStoreResolver(
                    defaultStore: try LocalArtifactStore(root: directory + "/own"), roots: try ArtifactRoots(["s3://allowed/root"])
                ) { uri in
                    #expect(uri == "s3://allowed")
                    return try LocalArtifactStore(root: directory + "/allowed")
                }
                let tracking = Tracking(
                    database: database, artifacts: artifacts, artifactRoot: "mlflow-artifacts:/",
                    registry: try #require(ServiceAddress("http://127.0.0.1:9")),
                    time: TestClock().source, random: TestRandom().source)
                try await tracking.prepare()
                try await TestAPI.run(tracking.register) { api in try await body(api, database, artifacts) }
                await artifacts.shutdown()
            }
        }
    }

    private func experiment(at location: String, _ api: TestAPI) async throws -> (run: String, model: String) {
        let name = UUID().uuidString
        let made = try await api.post("experiments/create", #"{"name":"\#(name)","artifact_location":"\#(location)"}"#)
        let id = try #require(made.string("experiment_id"), "\(made.text)")
        let run = try #require(try await api.post("runs/create", #"{"experiment_id":"\#(id)"}"#).string("run.info.run_id"))
        let model = try await api.post("logged-models", #"{"experiment_id":"\#(id)","name":"m"}"#)
        return (run, try #require(model.string("model.info.model_id")))
    }

    /// The responses of all routes that would read, write or sign URLs there.
    private func responses(_ run: String, _ model: String, _ api: TestAPI) async throws -> [APIResponse] {
        try await [
            api.get("artifacts/list?run_id=\(run)"), api.get("/get-artifact?run_id=\(run)&path=a.txt"),
            api.get("/ajax-api/2.0/mlflow/get-artifact?run_id=\(run)&path=a.txt"),
            api.post("/ajax-api/2.0/mlflow/upload-artifact?run_uuid=\(run)&path=a.txt", "x"),
            api.get("logged-models/\(model)/artifacts/directories"),
            api.get("/ajax-api/2.0/mlflow/logged-models/\(model)/artifacts/files?artifact_file_path=a.txt"),
            api.post("artifacts/presigned-upload-url", #"{"run_id":"\#(run)","path":"a.txt"}"#),
            api.post("artifacts/presigned-upload-url", #"{"model_id":"\#(model)","path":"a.txt"}"#),
            api.post("artifacts/presigned-download-url", #"{"run_id":"\#(run)","path":"a.txt"}"#),
        ]
    }

    @Test(arguments: [
        "s3://someone-elses-bucket/x", "s3://allowed/root-evil", "s3://allowed/other", "s3://allowed", "s3://ALLOWED/root",
        "S3://someone-elses-bucket/x", "s3://allowed/root/%2e%2e/other",
    ])
    func `Experiments may name a location elsewhere, which clients can access but the service doesn't`(location: String) async throws {
        try await run { api, _, _ in
            guard let (run, model) = try? await experiment(at: location, api) else { return }
            let uri = try await api.get("runs/get?run_id=\(run)").string("run.info.artifact_uri")
            #expect(uri?.lowercased().hasPrefix("s3://") == true)
            for response in try await responses(run, model, api) {
                #expect(response.status == 403, "\(response.text)")
                #expect(response.error?.hasPrefix("PERMISSION_DENIED") == true)
                #expect(response.text.contains("--allowed-artifact-roots"))
            }
        }
    }

    @Test func `Below an allowed root the service reads and writes`() async throws {
        try await run { api, _, _ in
            let (run, model) = try await experiment(at: "s3://allowed/root/team", api)
            let responses = try await responses(run, model, api)
            #expect(!responses.contains { $0.status == 403 })
            #expect(responses[3].status == 200)
            #expect(try await api.get("/get-artifact?run_id=\(run)&path=a.txt").text == "x")
        }
    }

    @Test func `Deleted artifacts elsewhere are kept, and stay in the queue until their root is allowed`() async throws {
        try await run { api, database, artifacts in
            let (run, _) = try await experiment(at: "s3://someone-elses-bucket/x", api)
            #expect(try await api.post("runs/delete", #"{"run_id":"\#(run)"}"#).status == 200)
            for _ in 0..<2 {
                let warnings = Warnings()
                let time = TimeSource { UnixMilliseconds(1_000_000) }
                let freed = try await GarbageCollector(database: database, artifacts: artifacts, time: time)
                    .run(olderThan: try #require(Age("0s")), events: TaskEventWriter { _ in }) { warnings.all.append($0) }
                #expect(freed.artifactFiles == 0 && freed.failures == 0)
                #expect(warnings.all.count == 1)
                #expect(warnings.all.first?.contains("--allowed-artifact-roots") == true)
            }
        }
    }

    private final class Warnings {
        var all: [String] = []
    }

    @Test func `Messages about a location don't reveal passwords`() async throws {
        try await run { api, _, _ in
            let (run, _) = try await experiment(at: "ftp://user:hunter2@host/x", api)
            let response = try await api.get("artifacts/list?run_id=\(run)")
            #expect(response.status == 501)
            #expect(!response.text.contains("hunter2"))
        }
    }
}

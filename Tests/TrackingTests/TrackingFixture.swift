import ArtifactStore
import Database
import ServiceClient
import ServiceKit
import Testing
import TestSupport
import WireProtocol

@testable import Tracking

/// The whole tracking service with an empty database, and helpers that fill it.
struct TrackingFixture: Sendable {
    let api: TestAPI
    let database: any Database
    let artifacts: ArtifactStoreResolver
    /// The directory of the artifacts.
    let directory: String

    /// Runs `body` with a service whose clock starts at 1.
    static func run(
        on engine: TestEngine, gateway: GatewaySettings? = nil, _ body: @Sendable (TrackingFixture) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try await withDatabase(engine) { database in
                let artifacts = ArtifactStoreResolver(
                    defaultStore: try LocalArtifactStore(root: directory), roots: try ArtifactRoots([])
                ) { throw NoBucket(uri: $0) }
                let tracking = try Self.service(database, artifacts, gateway)
                try await tracking.prepare()
                try await TestAPI.run(tracking.register) { api in
                    try await body(TrackingFixture(api: api, database: database, artifacts: artifacts, directory: directory))
                }
                await artifacts.shutdown()
            }
        }
    }

    /// Runs `body` with a second service on the same database.
    func withReplica(_ body: @Sendable (TestAPI) async throws -> Void) async throws {
        try await TestAPI.run(Self.service(database, artifacts).register, body)
    }

    static func service(
        _ database: any Database, _ artifacts: ArtifactStoreResolver, _ gateway: GatewaySettings? = nil, webUI: WebUIFiles = .missing
    ) throws -> Tracking {
        Tracking(
            database: database, artifacts: artifacts, artifactRoot: "mlflow-artifacts:/",
            registry: try #require(ServiceAddress("http://127.0.0.1:9")), gateway: gateway, webUI: webUI, time: TestClock().source,
            random: TestRandom().source)
    }

    /// - Returns: the new experiment's ID.
    func experiment(_ name: String, tags: [String: String] = [:]) async throws -> String {
        let tags = tags.map { KeyValue(key: $0, value: $1).jsonString }.joined(separator: ",")
        return try await created("experiments/create", "{\"name\":\"\(name)\",\"tags\":[\(tags)]}", "experiment_id")
    }

    /// - Returns: the new run's ID.
    func run(in experiment: String = "0") async throws -> String {
        try await created("runs/create", "{\"experiment_id\":\"\(experiment)\"}", "run.info.run_id")
    }

    /// - Parameter fields: further fields of the request, as JSON with a comma before each.
    /// - Returns: the new model's ID.
    func model(_ name: String, in experiment: String = "0", _ fields: String = "") async throws -> String {
        try await created(
            "logged-models", "{\"experiment_id\":\"\(experiment)\",\"name\":\"\(name)\"\(fields)}", "model.info.model_id")
    }

    /// Logs a point of a model's metric.
    func log(
        _ key: String, _ value: String, of model: String, run: String, time: Int = 1, step: Int = 0, dataset: String = "",
        digest: String = ""
    ) async throws {
        let response = try await api.post(
            "runs/log-metric",
            """
            {"run_id":"\(run)","key":"\(key)","value":\(value),"timestamp":\(time),"step":\(step),"model_id":"\(model)",\
            "dataset_name":"\(dataset)","dataset_digest":"\(digest)"}
            """)
        guard response.status == 200 else { throw UnexpectedResponse(text: response.text) }
    }

    private func created(_ path: String, _ json: String, _ id: String) async throws -> String {
        let response = try await api.post(path, json)
        guard let id = response.string(id) else { throw UnexpectedResponse(text: response.text) }
        return id
    }
}

/// The error for opening a bucket, since these tests have none.
private struct NoBucket: Error {
    var uri: String
}

/// The service rejected a request that sets up a test.
struct UnexpectedResponse: Error {
    var text: String
}

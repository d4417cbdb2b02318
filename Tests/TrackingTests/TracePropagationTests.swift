import ArtifactStore
import HTTPTypes
import ServiceClient
import Synchronization
import TestSupport
import Testing

@testable import Tracking

/// A client's trace in calls to our other services.
@Suite struct TracePropagationTests {
    private static let headers = [
        (name: "traceparent", value: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), (name: "tracestate", value: "a=1"),
    ]

    /// Calls a service whose registry and gateway are the same scripted server.
    ///
    /// - Returns: `traceparent` and `tracestate` of each request that this server received.
    private func received(_ body: @escaping @Sendable (TestAPI) async throws -> Void) async throws -> [[String?]] {
        let requests = Mutex<[ScriptedRequest]>([])
        try await withScriptedServer({ request in
            requests.withLock { $0.append(request) }
            return ScriptedResponse("{}")
        }) { url in
            try await withTemporaryDirectory { directory in
                try await withDatabase(.sqlite) { database in
                    let artifacts = ArtifactStoreResolver(
                        defaultStore: try LocalArtifactStore(root: directory), roots: try ArtifactRoots([])
                    ) { throw ArtifactError(.unsupported, $0) }
                    let tracking = Tracking(
                        database: database, artifacts: artifacts, artifactRoot: "mlflow-artifacts:/",
                        registry: try #require(ServiceAddress(url)),
                        gateway: try GatewaySettings(url: url, key: nil))
                    try await tracking.prepare()
                    try await TestAPI.run(tracking.register, body)
                    await artifacts.shutdown()
                }
            }
        }
        return requests.withLock { $0 }.map { [$0.headers["traceparent"], $0.headers["tracestate"]] }
    }

    /// A call that is forwarded to the registry, a call of the registry, and calls of the gateway by two kinds of routes.
    private static func call(_ api: TestAPI, _ headers: [(name: String, value: String)]) async throws {
        _ = try await api.send(.get, "registered-models/get?name=m", headers: headers)
        _ = try await api.send(
            .post, "/graphql", #"{"query": "{ mlflowSearchModelVersions(input: {}) { nextPageToken } }"}"#, headers: headers)
        _ = try await api.send(.post, "/gateway/mlflow/v1/chat/completions", #"{"model": "chat"}"#, headers: headers)
        _ = try await api.send(
            .get, "/ajax-api/2.0/mlflow/gateway-proxy?gateway_path=api/2.0/endpoints", headers: headers)
    }

    @Test func `The trace of a request is passed on to the registry and the gateway`() async throws {
        let received = try await received { api in try await Self.call(api, Self.headers) }
        #expect(received == Array(repeating: Self.headers.map(\.value), count: 4))
    }

    @Test func `Without a trace nothing is passed on`() async throws {
        let received = try await received { api in try await Self.call(api, []) }
        #expect(received == Array(repeating: [nil, nil], count: 4))
    }

    @Test func `An invalid trace isn't part of the service's own calls`() async throws {
        let received = try await received { api in
            let headers = [(name: "traceparent", value: "00-zz-01"), (name: "tracestate", value: "a=1")]
            _ = try await api.send(.post, "/gateway/mlflow/v1/chat/completions", #"{"model": "chat"}"#, headers: headers)
        }
        #expect(received == [[nil, nil]])
    }
}

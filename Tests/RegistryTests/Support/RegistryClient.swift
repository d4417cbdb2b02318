import ArgumentParser
import Database
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceClient
import ServiceKit
import Synchronization
import TestSupport
import WireProtocol

@testable import Registry

/// A response of the registry.
struct RegistryResponse: Sendable {
    var status: Int
    var headers: HTTPFields
    var json: JSONValue

    var message: String? { json["message"]?.stringValue }
    var code: String? { json["error_code"]?.stringValue }

    /// The value at a path of names and positions: `"registered_models.0.name"`.
    subscript(path: String) -> JSONValue? {
        path.split(separator: ".").reduce(json) { value, step in
            if let position = Int(step) { return value?.arrayValue.flatMap { $0.indices.contains(position) ? $0[position] : nil } }
            return value?[String(step)]
        }
    }
}

/// A client that calls a registry's routes in process.
struct RegistryClient: Sendable {
    let client: any TestClientProtocol
    let clock: TestClock
    let registry: Registry

    func get(_ path: String, _ query: String = "") async throws -> RegistryResponse {
        try await send(.get, path + (query.isEmpty ? "" : "?" + query), nil)
    }

    func post(_ path: String, _ body: String) async throws -> RegistryResponse { try await send(.post, path, body) }

    func patch(_ path: String, _ body: String) async throws -> RegistryResponse { try await send(.patch, path, body) }

    func delete(_ path: String, _ body: String) async throws -> RegistryResponse { try await send(.delete, path, body) }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String?, type: String? = "application/json", headers: HTTPFields = [:]
    ) async throws -> RegistryResponse {
        var headers = headers
        headers[.contentType] = type
        return try await client.execute(
            uri: "/api/2.0/mlflow/" + path, method: method, headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        ) { response in
            RegistryResponse(
                status: response.status.code, headers: response.headers,
                json: (try? JSONValue(parsing: response.body.readableBytesView)) ?? .null)
        }
    }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_000)

    var source: TimeSource { TimeSource { self.milliseconds.withLock { $0 } } }

    func set(_ time: Int64) { milliseconds.withLock { $0 = time } }
}

/// Runs `body` with an empty registry beside a tracking service.
func withRegistry(
    _ engine: TestEngine = .sqlite, tracking: FakeTracking = FakeTracking(), policy: SourcePolicy? = nil,
    _ body: @escaping @Sendable (RegistryClient) async throws -> Void
) async throws {
    try await withScriptedServer({ tracking.response(to: $0) }) { uri in
        try await withRegistry(engine, trackingURI: uri, policy: policy, body)
    }
}

/// Runs `body` with an empty registry that expects the tracking service at `trackingURI`.
func withRegistry(
    _ engine: TestEngine = .sqlite, trackingURI: String, policy: SourcePolicy? = nil,
    _ body: @escaping @Sendable (RegistryClient) async throws -> Void
) async throws {
    guard let address = ServiceAddress(trackingURI) else { throw TestSetupError() }
    let trackingClient = JSONServiceClient(name: "tracking", address: address)
    do {
        try await withDatabase(engine) { database in
            let clock = TestClock()
            let registry = Registry(
                database: database, tracking: TrackingClient(client: trackingClient),
                sources: try policy ?? SourcePolicy(), time: clock.source)
            try await registry.prepare()
            let service = ServiceHost(
                name: "registry", options: try ServiceOptions.parse(["--log-level", "critical"]), defaultPort: 0)
            registry.register(on: service.routes)
            try await Application(router: service.routes.router).test(.router) { client in
                try await body(RegistryClient(client: client, clock: clock, registry: registry))
            }
        }
    } catch {
        await trackingClient.close()
        throw error
    }
    await trackingClient.close()
}

struct TestSetupError: Error {}

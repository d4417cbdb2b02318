package import WireProtocol

/// A client for the tracking service, which may also be an MLflow server.
package struct TrackingClient: Sendable {
    private let client: JSONServiceClient
    private var headers: [(name: String, value: String)] = []

    package init(client: JSONServiceClient) {
        self.client = client
    }

    /// A client that also sends the given headers, such as those of a request's trace.
    package func adding(headers: [(name: String, value: String)]) -> TrackingClient {
        var client = self
        client.headers += headers
        return client
    }

    /// The URI of a run's artifact directory.
    ///
    /// - Throws: `RESOURCE_DOES_NOT_EXIST` when the run doesn't exist.
    package func artifactURI(ofRun id: String) async throws -> String {
        let response = try await client.send(.get, ["api", "2.0", "mlflow", "runs", "get"], query: [("run_id", id)], headers: headers)
        guard let uri = response["run"]?["info"]?["artifact_uri"]?.stringValue else { throw incomplete("a run") }
        return uri
    }

    /// The logged model with an ID.
    ///
    /// - Throws: `RESOURCE_DOES_NOT_EXIST` when the model doesn't exist.
    package func loggedModel(_ id: String) async throws -> TrackedModel {
        try Self.check(id)
        let response = try await client.send(.get, Self.path(ofLoggedModel: id), headers: headers)
        guard let info = response["model"]?["info"], let uri = info["artifact_uri"]?.stringValue else {
            throw incomplete("a logged model")
        }
        let tags = try (info["tags"]?.arrayValue ?? []).compactMap(\.objectValue).map { try KeyValue(RequestFields($0)) }
        return TrackedModel(
            id: id, artifactURI: uri, sourceRunID: info["source_run_id"]?.stringValue ?? "", tags: tags)
    }

    /// Sets a tag of a logged model, replacing the previous value of the same key.
    ///
    /// - Throws: `RESOURCE_DOES_NOT_EXIST` when the model doesn't exist.
    package func setTag(_ tag: KeyValue, ofLoggedModel id: String) async throws {
        try Self.check(id)
        let tag = JSONObject([
            .init(name: "key", value: .string(tag.key)), .init(name: "value", value: .string(tag.value)),
        ])
        let body = JSONObject([
            .init(name: "model_id", value: .string(id)), .init(name: "tags", value: .array([.object(tag)])),
        ])
        _ = try await client.send(.patch, Self.path(ofLoggedModel: id) + ["tags"], headers: headers, body: .object(body))
    }

    /// Checks an ID that becomes a path segment: any other character could change the path.
    private static func check(_ id: String) throws {
        let isPlain = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, !id.isEmpty else { throw ServiceError.doesNotExist("Logged model with ID '\(id)' not found.") }
    }

    private static func path(ofLoggedModel id: String) -> [String] { ["api", "2.0", "mlflow", "logged-models", id] }

    private func incomplete(_ what: String) -> ServiceError {
        ServiceError(.internalError, "The \(client.name) service returned an incomplete description of \(what).")
    }
}

/// The properties of a logged model that other services need.
package struct TrackedModel: Sendable {
    package var id: String
    package var artifactURI: String
    /// Empty when the model has no source run.
    package var sourceRunID: String
    package var tags: [KeyValue]
}

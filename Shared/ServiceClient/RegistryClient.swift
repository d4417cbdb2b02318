package import WireProtocol

/// A client for the registry.
///
/// All calls throw `RESOURCE_DOES_NOT_EXIST` when what they refer to doesn't exist, and the other errors of `JSONServiceClient.send`.
package struct RegistryClient: Sendable {
    private let client: JSONServiceClient
    private var headers: [(name: String, value: String)] = []

    package init(client: JSONServiceClient) {
        self.client = client
    }

    /// A client that also sends the given headers, such as those of a request's trace.
    package func adding(headers: [(name: String, value: String)]) -> RegistryClient {
        var client = self
        client.headers += headers
        return client
    }

    /// A version of a registered model.
    package func modelVersion(_ version: String, of name: String) async throws -> ModelVersion {
        try await modelVersion(["model-versions", "get"], [("name", name), ("version", version)])
    }

    /// The version of a registered model to which an alias refers.
    package func modelVersion(alias: String, of name: String) async throws -> ModelVersion {
        try await modelVersion(["registered-models", "alias"], [("name", name), ("alias", alias)])
    }

    /// The URI of the files of a version of a registered model.
    package func downloadURI(ofVersion version: String, of name: String) async throws -> String {
        let response = try await get(["model-versions", "get-download-uri"], [("name", name), ("version", version)])
        guard let uri = response["artifact_uri"]?.stringValue else {
            throw ServiceError(.internalError, "The registry's response contains no artifact_uri for the model version.")
        }
        return uri
    }

    /// A page of model versions, as the registry returns them: one that isn't ours may return more than a `ModelVersion` has.
    ///
    /// - Parameters:
    ///   - query: the fields of the search: `filter`, `max_results`, `page_token` and `order_by`.
    ///   - timeout: the maximum duration of the call, if it differs from the client's.
    package func searchModelVersions(
        _ query: [(name: String, value: String)], timeout: Duration? = nil
    ) async throws -> (versions: [JSONValue], nextPageToken: String?) {
        let response = try await get(["model-versions", "search"], query, timeout: timeout)
        return (response["model_versions"]?.arrayValue ?? [], response["next_page_token"]?.stringValue)
    }

    private func modelVersion(_ segments: [String], _ query: [(name: String, value: String)]) async throws -> ModelVersion {
        let response = try await get(segments, query)
        do throws(MessageError) {
            return try Envelope<ModelVersion>("model_version", json: response).content
        } catch {
            throw client.invalid(error)
        }
    }

    private func get(
        _ segments: [String], _ query: [(name: String, value: String)], timeout: Duration? = nil
    ) async throws -> JSONValue {
        try await client.send(.get, ["api", "2.0", "mlflow"] + segments, query: query, headers: headers, timeout: timeout)
    }
}

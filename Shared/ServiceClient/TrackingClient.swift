package import WireProtocol

/// A client for the tracking service, which may also be an MLflow server.
///
/// All calls throw `RESOURCE_DOES_NOT_EXIST` when what they refer to doesn't exist, and the other errors of `JSONServiceClient.send`.
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

    // MARK: Experiments

    /// The experiment with a name.
    package func experiment(named name: String) async throws -> Experiment {
        try await get(["experiments", "get-by-name"], [("experiment_name", name)], "experiment")
    }

    /// Creates an experiment.
    ///
    /// - Returns: its ID.
    /// - Throws: `RESOURCE_ALREADY_EXISTS` when there is one with this name.
    package func createExperiment(named name: String) async throws -> Int64 {
        let body: JSONValue = ["name": .string(name)]
        let response = try await client.send(.post, Self.api + ["experiments", "create"], headers: headers, body: body)
        guard let id = response["experiment_id"]?.integerValue else { throw incomplete("an experiment") }
        return id
    }

    // MARK: Runs

    /// The run with an ID.
    package func run(_ id: String) async throws -> Run {
        let run: Run = try await get(["runs", "get"], [("run_id", id)], "run")
        guard !run.info.artifactURI.isEmpty else { throw incomplete("a run") }
        return run
    }

    /// The artifacts of a run in a directory.
    ///
    /// - Parameter path: the directory, relative to the run's root; empty for the root.
    package func artifacts(ofRun id: String, in path: String = "") async throws -> ListArtifacts.Response {
        let query = [(name: "run_id", value: id)] + (path.isEmpty ? [] : [(name: "path", value: path)])
        let response = try await client.send(.get, Self.api + ["artifacts", "list"], query: query, headers: headers)
        do throws(MessageError) {
            return try ListArtifacts.Response(json: response)
        } catch {
            throw client.invalid(error)
        }
    }

    // MARK: Logged models

    /// The logged model with an ID.
    package func loggedModel(_ id: String) async throws -> LoggedModel {
        try Self.check(id)
        var model: LoggedModel = try await get(["logged-models", id], [], "model")
        guard !model.artifactURI.isEmpty else { throw incomplete("a logged model") }
        model.modelID = id
        return model
    }

    /// Sets a tag of a logged model, replacing the previous value of the same key.
    package func setTag(_ tag: KeyValue, ofLoggedModel id: String) async throws {
        try Self.check(id)
        let tag: JSONValue = ["key": .string(tag.key), "value": .string(tag.value)]
        let body: JSONValue = ["model_id": .string(id), "tags": [tag]]
        _ = try await client.send(.patch, Self.api + ["logged-models", id, "tags"], headers: headers, body: body)
    }

    // MARK: Traces

    /// Stores spans.
    ///
    /// - Parameter request: an `ExportTraceServiceRequest` as JSON.
    package func export(_ request: [UInt8], toExperiment id: Int64) async throws {
        let headers = headers + [(name: "x-mlflow-experiment-id", value: String(id))]
        try await client.deliver(["v1", "traces"], headers: headers, json: request)
    }

    // MARK: Messages

    private static let api = ["api", "2.0", "mlflow"]

    /// The message in a member of a response.
    private func get<Message: ProtobufMessage & JSONWritable>(
        _ segments: [String], _ query: [(name: String, value: String)], _ name: StaticString
    ) async throws -> Message {
        let response = try await client.send(.get, Self.api + segments, query: query, headers: headers)
        do throws(MessageError) {
            return try Envelope<Message>(name, json: response).content
        } catch {
            throw client.invalid(error)
        }
    }

    private func incomplete(_ what: String) -> ServiceError {
        ServiceError(.internalError, "The \(client.name) service returned an incomplete description of \(what).")
    }

    /// Checks an ID that becomes a path segment.
    private static func check(_ id: String) throws {
        guard PathSegment.isPlain(id) else { throw ServiceError.doesNotExist("Logged model with ID '\(id)' not found.") }
    }
}

internal import Logging
internal import ServiceClient
internal import WireProtocol

/// Maintains a logged model's tag `mlflow.modelVersions`, which lists the versions registered from it.
struct ModelVersionBacklinks: Sendable {
    var tracking: TrackingClient

    /// Adds a version to the tag unless it is listed already.
    ///
    /// Failures are only logged. The version already exists at this point, so if its creation failed now, a client that
    /// retried would create a second version.
    func add(_ version: ModelVersion, to modelID: String, logger: Logger) async {
        do {
            let model = try await tracking.loggedModel(modelID)
            let existing = Self.entries(of: model)
            let entry = JSONValue.object(
                JSONObject([
                    .init(name: "name", value: .string(version.name)), .init(name: "version", value: .integer(version.version)),
                ]))
            guard !existing.contains(entry) else { return }
            let value = JSONValue.array(existing + [entry]).jsonString
            try await tracking.setTag(KeyValue(key: LoggedModelTag.modelVersions, value: value), ofLoggedModel: modelID)
        } catch {
            logger.warning(
                "failed to record a new version on its logged model",
                metadata: ["model_id": "\(modelID)", "version": "\(version.name)/\(version.version)", "cause": "\(error)"])
        }
    }

    /// The current entries of the tag. A value that isn't a list, which only a client can have set, counts as empty.
    private static func entries(of model: LoggedModel) -> [JSONValue] {
        let text = model.tags.last { $0.key == LoggedModelTag.modelVersions }?.value ?? ""
        return (try? JSONValue(parsing: text))?.arrayValue ?? []
    }
}

internal import Logging
internal import ServiceClient
internal import WireProtocol

/// Tells a logged model which versions were registered from it, in its tag `mlflow.modelVersions`.
struct ModelVersionBacklinks: Sendable {
    let tracking: TrackingClient

    /// Adds a version, unless it is told already.
    ///
    /// The version exists and its creation must not fail any more: a client that tried again would get a second one. So a
    /// failure is logged only.
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
                "a logged model doesn't tell its new version",
                metadata: ["model_id": "\(modelID)", "version": "\(version.name)/\(version.version)", "cause": "\(error)"])
        }
    }

    /// What the tag tells so far; a tag that isn't a list, which only a client can have set, counts as none.
    private static func entries(of model: TrackedModel) -> [JSONValue] {
        let text = model.tags.last { $0.key == LoggedModelTag.modelVersions }?.value ?? ""
        return (try? JSONValue(parsing: text))?.arrayValue ?? []
    }
}

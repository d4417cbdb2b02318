internal import SearchFilter
internal import WireProtocol

/// An entry of the JSON list in a run's tag `mlflow.log-model.history`, which `runs/log-model` maintains.
struct ModelHistoryEntry: Sendable {
    static let tag = "mlflow.log-model.history"

    private static let requiredKeys = ["artifact_path", "flavors", "run_id", "utc_time_created"]

    private let entry: JSONValue

    /// Extracts the same members as MLflow: path, run, creation time, UUID, and flavors without their configuration.
    ///
    /// - Parameter json: the model's `MLmodel` file as JSON.
    /// - Throws: `ServiceError` if it isn't valid JSON or lacks required members.
    init(modelJSON json: String) throws {
        guard case .object(let model)? = try? JSONValue(parsing: json) else { throw Self.malformed(json) }
        let missing = Self.requiredKeys.filter { model[$0] == nil }
        guard missing.isEmpty else {
            throw ServiceError.invalidParameter("Model json is missing mandatory fields: \(PythonRepr.set(missing))")
        }
        var entry = JSONObject()
        for key in ["run_id", "artifact_path", "utc_time_created"] where model[key] != .null { entry[key] = model[key] }
        entry["model_uuid"] = model["model_uuid"] ?? .null
        switch model["flavors"] {
        case .object(let flavors)?:
            entry["flavors"] = .object(
                JSONObject(flavors.members.map { .init(name: $0.name, value: Self.withoutConfiguration($0.value)) }))
        case .null?: entry["flavors"] = .object(JSONObject())
        default: throw Self.malformed(json)
        }
        self.entry = .object(entry)
    }

    /// Returns the list with this entry appended.
    ///
    /// - Parameter history: the current list; `nil` if the run has none.
    /// - Throws: `ServiceError` if the history isn't a JSON list, which only a client can have set.
    func appended(to history: String?) throws -> String {
        guard let history else { return JSONValue.array([entry]).pythonJSONString }
        guard case .array(let entries)? = try? JSONValue(parsing: history) else {
            throw ServiceError.invalidParameter("The run's tag '\(Self.tag)' isn't a JSON list, so no model can be added to it.")
        }
        return JSONValue.array(entries + [entry]).pythonJSONString
    }

    private static func withoutConfiguration(_ flavor: JSONValue) -> JSONValue {
        guard case .object(var object) = flavor else { return flavor }
        object["config"] = nil
        return .object(object)
    }

    private static func malformed(_ json: String) -> ServiceError {
        .invalidParameter("Malformed model info. \n \(json) \n is not a valid JSON.")
    }
}

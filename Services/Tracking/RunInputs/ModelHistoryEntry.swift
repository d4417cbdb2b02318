internal import SearchFilter
internal import WireProtocol

/// What `runs/log-model` keeps of a model: an entry of the JSON list in the tag `mlflow.log-model.history` of its run.
struct ModelHistoryEntry: Sendable {
    static let tag = "mlflow.log-model.history"

    private static let requiredKeys = ["artifact_path", "flavors", "run_id", "utc_time_created"]

    private let entry: JSONValue

    /// Takes over what MLflow does: where the model is and when it was made, and its flavors without their configuration.
    ///
    /// - Parameter json: the model's `MLmodel` file as JSON.
    /// - Throws: `ServiceError` when that isn't JSON or lacks what is required.
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

    /// The list with the entry at its end.
    ///
    /// - Parameter history: the list so far; `nil` for none.
    /// - Throws: `ServiceError` when that isn't a list: somebody set the tag by hand.
    func appended(to history: String?) throws -> String {
        guard let history else { return JSONValue.array([entry]).pythonJSONString }
        guard case .array(let entries)? = try? JSONValue(parsing: history) else {
            throw ServiceError.invalidParameter("The run's tag '\(Self.tag)' holds no JSON list, so no model can be added to it.")
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

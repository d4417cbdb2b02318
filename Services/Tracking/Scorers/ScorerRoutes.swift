internal import HTTPTypes
internal import Hummingbird
internal import ServiceKit
internal import WireProtocol

/// `scorers/…`: this server keeps no judges yet. MLflow's UI shows its page of judges wherever there is a gateway, so it gets an empty
/// list, and an error that says so when one is to be saved.
struct ScorerRoutes: Sendable {
    private static let changes: [(method: HTTPRequest.Method, path: String)] = [
        (.post, "scorers/register"), (.delete, "scorers/delete"), (.put, "scorers/online-config"), (.post, "scorer/invoke"),
    ]

    func register(on routes: APIRoutes) {
        routes.mlflow(.get, "scorers/list", version: "3.0") { _, _ in EmptyMessage() }
        routes.mlflow(.get, "scorers/online-configs", version: "3.0") { fields, _ in
            guard !(try fields.strings("scorer_ids")).isEmpty else { throw RequestFields.missing("scorer_ids") }
            return ["configs": []] as JSONValue
        }
        for path in ["scorers/get", "scorers/versions"] {
            routes.mlflow(.get, path, version: "3.0") { fields, _ in
                let (experiment, name) = (try fields.requiredString("experiment_id"), try fields.requiredString("name"))
                return try Self.missing(name, in: experiment)
            }
        }
        for (method, path) in Self.changes {
            routes.raw(method, "3.0/mlflow/\(path)") { _, _ in
                throw ServiceError(.notImplemented, "This server doesn't keep or run judges yet.")
            }
        }
    }

    private static func missing(_ name: String, in experiment: String) throws -> EmptyMessage {
        throw ServiceError.doesNotExist("Scorer with name '\(name)' not found for experiment \(experiment).")
    }
}

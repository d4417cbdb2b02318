internal import HTTPTypes
internal import ServiceKit
internal import WireProtocol

/// `registered-models/alias`.
struct AliasRoutes: Sendable {
    let rules: AliasRules

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "registered-models/alias") { fields, _ in
            let name = try fields.requiredString("name")
            let alias = try fields.requiredString("alias")
            try await rules.set(alias, of: name, to: try fields.requiredString("version"))
            return EmptyMessage()
        }
        routes.mlflow(.delete, "registered-models/alias") { fields, _ in
            let name = try fields.requiredString("name")
            try await rules.delete(try fields.requiredString("alias"), of: name)
            return EmptyMessage()
        }
        routes.mlflow(.get, "registered-models/alias") { fields, _ in
            let name = try fields.requiredString("name")
            return Envelope("model_version", try await rules.version(of: name, alias: try fields.requiredString("alias")))
        }
    }
}

internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// Routes of `registered-models/alias`.
struct AliasRoutes: Sendable {
    let service: AliasService

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "registered-models/alias", requires: .edit(.registeredModel)) { fields, _ in
            let name = try fields.requiredString("name")
            let alias = try fields.requiredString("alias")
            try await service.set(alias, of: name, to: try fields.requiredString("version"))
            return EmptyResponse()
        }
        routes.mlflow(.delete, "registered-models/alias", requires: .manage(.registeredModel)) { fields, _ in
            let name = try fields.requiredString("name")
            try await service.delete(try fields.requiredString("alias"), of: name)
            return EmptyResponse()
        }
        routes.mlflow(.get, "registered-models/alias", requires: .read(.registeredModel), execution: .onEventLoop) { fields, _ in
            let name = try fields.requiredString("name")
            return Envelope("model_version", try await service.version(of: name, alias: try fields.requiredString("alias")))
        }
    }
}

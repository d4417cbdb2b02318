internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// Routes under `registered-models/…`, except aliases and search.
struct RegisteredModelRoutes: Sendable {
    let service: RegisteredModelService

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "registered-models/create", requires: .edit(.registeredModel)) { fields, _ in
            let name = try fields.requiredString("name")
            let tags: [KeyValue] = try fields.messages("tags")
            let description = try fields.string("description") ?? ""
            return Envelope("registered_model", try await service.create(name: name, tags: tags, description: description))
        }
        routes.mlflow(.get, "registered-models/get", requires: .read(.registeredModel), execution: .onEventLoop) { fields, _ in
            Envelope("registered_model", try await service.get(try fields.requiredString("name")))
        }
        routes.mlflow(.patch, "registered-models/update", requires: .edit(.registeredModel)) { fields, _ in
            let name = try fields.requiredString("name")
            let description = try fields.string("description") ?? ""
            return Envelope("registered_model", try await service.update(name, description: description))
        }
        routes.mlflow(.post, "registered-models/rename", requires: .edit(.registeredModel)) { fields, _ in
            let name = try fields.requiredString("name")
            return Envelope("registered_model", try await service.rename(name, to: try fields.requiredString("new_name")))
        }
        routes.mlflow(.delete, "registered-models/delete", requires: .manage(.registeredModel)) { fields, _ in
            try await service.delete(try fields.requiredString("name"))
            return EmptyResponse()
        }
        routes.mlflow(.post, "registered-models/set-tag", requires: .edit(.registeredModel), execution: .onEventLoop) { fields, _ in
            let name = try fields.requiredString("name")
            let tag = KeyValue(key: try fields.requiredString("key"), value: try fields.string("value") ?? "")
            try await service.setTag(tag, of: name)
            return EmptyResponse()
        }
        routes.mlflow(.delete, "registered-models/delete-tag", requires: .edit(.registeredModel), execution: .onEventLoop) { fields, _ in
            let name = try fields.requiredString("name")
            try await service.deleteTag(try fields.requiredString("key"), of: name)
            return EmptyResponse()
        }
        for method in [HTTPRequest.Method.get, .post] {
            routes.mlflow(method, "registered-models/get-latest-versions", requires: .read(.registeredModel)) { fields, _ in
                let name = try fields.requiredString("name")
                let versions = try await service.latestVersions(of: name, stages: try fields.strings("stages"))
                return PageResponse(name: "model_versions", items: versions)
            }
        }
    }
}

internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// Routes under `model-versions/…`, except search.
struct ModelVersionRoutes: Sendable {
    let service: ModelVersionService

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "model-versions/create", requires: .edit(.registeredModel), execution: .onEventLoop) { fields, context in
            let new = try CreateModelVersionRequest(fields)
            let version = try await service.create(new, traceHeaders: context.traceHeaders, logger: context.logger)
            return Envelope("model_version", version)
        }
        routes.mlflow(.get, "model-versions/get", requires: .read(.registeredModel), execution: .onEventLoop) { fields, _ in
            let name = try fields.requiredString("name")
            return Envelope("model_version", try await service.get(name, try fields.requiredString("version")))
        }
        routes.mlflow(.get, "model-versions/get-download-uri", requires: .read(.registeredModel)) { fields, _ in
            // As in MLflow, the service validates these two, not the request parser.
            let name = try fields.string("name") ?? ""
            let version = try fields.string("version") ?? ""
            return Envelope("artifact_uri", JSONValue.string(try await service.downloadURI(of: name, version)))
        }
        routes.mlflow(.patch, "model-versions/update", requires: .edit(.registeredModel)) { fields, _ in
            let name = try fields.requiredString("name")
            let version = try fields.requiredString("version")
            let description = try fields.string("description")
            return Envelope("model_version", try await service.update(name, version, description: description))
        }
        routes.mlflow(.post, "model-versions/transition-stage", requires: .edit(.registeredModel), execution: .onEventLoop) { fields, _ in
            let name = try fields.requiredString("name")
            let version = try fields.requiredString("version")
            let stage = try fields.requiredString("stage")
            let archives = try fields.bool("archive_existing_versions") ?? false
            return Envelope("model_version", try await service.transitionStage(name, version, to: stage, archiveExisting: archives))
        }
        routes.mlflow(.delete, "model-versions/delete", requires: .manage(.registeredModel)) { fields, _ in
            let name = try fields.requiredString("name")
            try await service.delete(name, try fields.requiredString("version"))
            return EmptyResponse()
        }
        routes.mlflow(.post, "model-versions/set-tag", requires: .edit(.registeredModel), execution: .onEventLoop) { fields, _ in
            let name = try fields.requiredString("name")
            let version = try fields.requiredString("version")
            let tag = KeyValue(key: try fields.requiredString("key"), value: try fields.string("value") ?? "")
            try await service.setTag(tag, of: name, version)
            return EmptyResponse()
        }
        routes.mlflow(.delete, "model-versions/delete-tag", requires: .manage(.registeredModel), execution: .onEventLoop) { fields, _ in
            let name = try fields.requiredString("name")
            let version = try fields.requiredString("version")
            try await service.deleteTag(try fields.requiredString("key"), of: name, version)
            return EmptyResponse()
        }
    }
}

internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// Routes under `experiments/…`, except search.
struct ExperimentRoutes: Sendable {
    let service: ExperimentService

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "experiments/create") { fields, _ in
            let name = try fields.requiredString("name")
            let location = try fields.string("artifact_location") ?? ""
            let id = try await service.create(name: name, artifactLocation: location, tags: try fields.messages("tags"))
            return Envelope("experiment_id", JSONValue.string(String(id)))
        }
        routes.mlflow(.get, "experiments/get") { fields, _ in
            Envelope("experiment", try await service.get(try fields.requiredString("experiment_id")))
        }
        routes.mlflow(.get, "experiments/get-by-name") { fields, _ in
            Envelope("experiment", try await service.get(name: try fields.requiredString("experiment_name")))
        }
        routes.mlflow(.post, "experiments/delete") { fields, _ in
            try await service.setLifecycleStage(try fields.requiredString("experiment_id"), from: .active, to: .deleted)
            return EmptyResponse()
        }
        routes.mlflow(.post, "experiments/restore") { fields, _ in
            try await service.setLifecycleStage(try fields.requiredString("experiment_id"), from: .deleted, to: .active)
            return EmptyResponse()
        }
        routes.mlflow(.post, "experiments/update") { fields, _ in
            try await service.rename(try fields.requiredString("experiment_id"), to: try fields.requiredString("new_name"))
            return EmptyResponse()
        }
        routes.mlflow(.post, "experiments/set-experiment-tag") { fields, _ in
            let id = try fields.requiredString("experiment_id")
            let tag = KeyValue(key: try fields.requiredString("key"), value: try fields.string("value") ?? "")
            try await service.setTag(tag, of: id)
            return EmptyResponse()
        }
        routes.mlflow(.post, "experiments/delete-experiment-tag") { fields, _ in
            let id = try fields.requiredString("experiment_id")
            try await service.deleteTag(try fields.requiredString("key"), of: id)
            return EmptyResponse()
        }
    }
}

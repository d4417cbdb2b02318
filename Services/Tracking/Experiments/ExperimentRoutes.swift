internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// Routes under `experiments/…`, except search.
struct ExperimentRoutes: Sendable {
    let service: ExperimentService

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "experiments/create", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let name = try fields.requiredString("name")
            let location = try fields.string("artifact_location") ?? ""
            let id = try await service.create(name: name, artifactLocation: location, tags: try fields.messages("tags"))
            return Envelope("experiment_id", JSONValue.string(String(id)))
        }
        routes.mlflow(.get, "experiments/get", requires: .read(.experiment), execution: .onEventLoop) { fields, _ in
            Envelope("experiment", try await service.get(try fields.requiredString("experiment_id")))
        }
        routes.mlflow(.get, "experiments/get-by-name", requires: .read(.experiment), execution: .onEventLoop) { fields, _ in
            Envelope("experiment", try await service.get(name: try fields.requiredString("experiment_name")))
        }
        routes.mlflow(.post, "experiments/delete", requires: .manage(.experiment)) { fields, _ in
            try await service.setLifecycleStage(try fields.requiredString("experiment_id"), from: .active, to: .deleted)
            return EmptyResponse()
        }
        routes.mlflow(.post, "experiments/restore", requires: .manage(.experiment)) { fields, _ in
            try await service.setLifecycleStage(try fields.requiredString("experiment_id"), from: .deleted, to: .active)
            return EmptyResponse()
        }
        routes.mlflow(.post, "experiments/update", requires: .edit(.experiment)) { fields, _ in
            try await service.rename(try fields.requiredString("experiment_id"), to: try fields.requiredString("new_name"))
            return EmptyResponse()
        }
        routes.mlflow(.post, "experiments/set-experiment-tag", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let id = try fields.requiredString("experiment_id")
            let tag = KeyValue(key: try fields.requiredString("key"), value: try fields.string("value") ?? "")
            try await service.setTag(tag, of: id)
            return EmptyResponse()
        }
        routes.mlflow(.post, "experiments/delete-experiment-tag", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let id = try fields.requiredString("experiment_id")
            try await service.deleteTag(try fields.requiredString("key"), of: id)
            return EmptyResponse()
        }
    }
}

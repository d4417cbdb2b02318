internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// Routes under `logged-models`, except artifacts.
struct LoggedModelRoutes: Sendable {
    let service: LoggedModelService
    let search: LoggedModelSearch

    func register(on routes: APIRoutes) {
        registerLifecycle(on: routes)
        registerData(on: routes)
        routes.mlflow(.post, "logged-models/search", requires: .read(.experiment)) { fields, _ in
            let query = try LoggedModelQuery(fields)
            let page = try await search.find(query)
            return PageResponse(
                name: "models", items: page.items,
                nextPageToken: page.nextOffset.map { LoggedModelPageToken.make(for: query, offset: $0) })
        }
    }

    private func registerLifecycle(on routes: APIRoutes) {
        routes.mlflow(.post, "logged-models", requires: .edit(.experiment)) { fields, _ in
            let experiment = try fields.requiredString("experiment_id")
            let name = try fields.string("name") ?? ""
            let type = try fields.string("model_type") ?? ""
            let run = try fields.string("source_run_id") ?? ""
            return Envelope(
                "model",
                try await service.create(
                    experimentID: experiment, name: name, modelType: type, sourceRunID: run, params: try fields.messages("params"),
                    tags: try fields.messages("tags")))
        }
        routes.mlflow(.get, "logged-models/{model_id}", requires: .read(.experiment)) { fields, context in
            // Any value other than `true` counts as false.
            let allowDeleted = try fields.value("allow_deleted")?.stringValue?.lowercased() == "true"
            return Envelope("model", try await service.get(context.pathParameter("model_id"), allowDeleted: allowDeleted))
        }
        routes.mlflow(.patch, "logged-models/{model_id}", requires: .edit(.experiment)) { fields, _ in
            // As in MLflow, the model ID in the body is used, not the one in the path.
            let model = try fields.requiredString("model_id")
            let status: LoggedModelStatus = try fields.requiredEnumeration("status")
            return Envelope("model", try await service.setStatus(status, of: model))
        }
        routes.mlflow(.delete, "logged-models/{model_id}", requires: .manage(.experiment)) { _, context in
            try await service.delete(context.pathParameter("model_id"))
            return EmptyResponse()
        }
    }

    private func registerData(on routes: APIRoutes) {
        routes.mlflow(.post, "logged-models/{model_id}/params", requires: .edit(.experiment)) { fields, context in
            _ = try fields.requiredString("model_id")
            try await service.addParams(try fields.messages("params"), to: context.pathParameter("model_id"))
            return EmptyResponse()
        }
        routes.mlflow(.patch, "logged-models/{model_id}/tags", requires: .edit(.experiment), execution: .onEventLoop) { fields, context in
            try await service.setTags(try fields.messages("tags"), of: context.pathParameter("model_id"))
            return EmptyResponse()
        }
        routes.mlflow(
            .delete, "logged-models/{model_id}/tags/{tag_key}", requires: .manage(.experiment), execution: .onEventLoop
        ) { _, context in
            try await service.deleteTag(context.pathParameter("tag_key"), of: context.pathParameter("model_id"))
            return EmptyResponse()
        }
    }
}

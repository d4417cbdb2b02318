internal import HTTPTypes
internal import ServiceKit
internal import WireProtocol

/// `logged-models`, but for their artifacts.
struct LoggedModelRoutes: Sendable {
    let rules: LoggedModelRules
    let search: LoggedModelSearch

    func register(on routes: APIRoutes) {
        registerLife(on: routes)
        registerData(on: routes)
        routes.mlflow(.post, "logged-models/search", isLarge: true) { fields, _ in
            let query = try LoggedModelQuery(fields)
            let page = try await search.find(query)
            return PageAnswer(
                name: "models", items: page.items,
                nextPageToken: page.nextOffset.map { LoggedModelPageToken.make(for: query, offset: $0) })
        }
    }

    private func registerLife(on routes: APIRoutes) {
        routes.mlflow(.post, "logged-models") { fields, _ in
            let experiment = try fields.requiredString("experiment_id")
            let name = try fields.string("name") ?? ""
            let type = try fields.string("model_type") ?? ""
            let run = try fields.string("source_run_id") ?? ""
            return Envelope(
                "model",
                try await rules.create(
                    experimentID: experiment, name: name, modelType: type, sourceRunID: run, params: try fields.messages("params"),
                    tags: try fields.messages("tags")))
        }
        routes.mlflow(.get, "logged-models/{model_id}", isLarge: { $0.content.isLarge }) { fields, context in
            // Any other word than `true` means no.
            let allowDeleted = try fields.value("allow_deleted")?.stringValue?.lowercased() == "true"
            return Envelope("model", try await rules.get(context.pathParameter("model_id"), allowDeleted: allowDeleted))
        }
        routes.mlflow(.patch, "logged-models/{model_id}") { fields, _ in
            // As in MLflow, the model is the one that the body names.
            let model = try fields.requiredString("model_id")
            let status: LoggedModelStatus = try fields.requiredEnumeration("status")
            return Envelope("model", try await rules.setStatus(status, of: model))
        }
        routes.mlflow(.delete, "logged-models/{model_id}") { _, context in
            try await rules.delete(context.pathParameter("model_id"))
            return EmptyMessage()
        }
    }

    private func registerData(on routes: APIRoutes) {
        routes.mlflow(.post, "logged-models/{model_id}/params") { fields, context in
            _ = try fields.requiredString("model_id")
            try await rules.addParams(try fields.messages("params"), to: context.pathParameter("model_id"))
            return EmptyMessage()
        }
        routes.mlflow(.patch, "logged-models/{model_id}/tags") { fields, context in
            try await rules.setTags(try fields.messages("tags"), of: context.pathParameter("model_id"))
            return EmptyMessage()
        }
        routes.mlflow(.delete, "logged-models/{model_id}/tags/{tag_key}") { _, context in
            try await rules.deleteTag(context.pathParameter("tag_key"), of: context.pathParameter("model_id"))
            return EmptyMessage()
        }
    }
}

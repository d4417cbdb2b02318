internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// Routes `runs/log-inputs`, `runs/outputs`, `runs/log-model` and `experiments/search-datasets`.
struct RunInputRoutes: Sendable {
    let service: RunInputService

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "runs/log-inputs") { fields, _ in
            let run = try fields.requiredString("run_id")
            try await service.log(datasets: try fields.messages("datasets"), models: try fields.messages("models"), of: run)
            return EmptyResponse()
        }
        routes.mlflow(.post, "runs/outputs") { fields, _ in
            let run = try fields.requiredString("run_id")
            try await service.log(outputs: try fields.requiredMessages("models"), of: run)
            return EmptyResponse()
        }
        routes.mlflow(.post, "runs/log-model") { fields, _ in
            let run = try fields.requiredString("run_id")
            try await service.log(modelJSON: try fields.requiredString("model_json"), of: run)
            return EmptyResponse()
        }
        // By mistake, MLflow's own path below `/api` lacks the slash before `mlflow`.
        routes.mlflow(.post, "experiments/search-datasets") { fields, _ in
            PageResponse(name: "dataset_summaries", items: try await service.datasets(of: try fields.strings("experiment_ids")))
        }
    }
}

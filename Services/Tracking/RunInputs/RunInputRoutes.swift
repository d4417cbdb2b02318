internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// Routes `runs/log-inputs`, `runs/outputs`, `runs/log-model` and `experiments/search-datasets`.
struct RunInputRoutes: Sendable {
    let service: RunInputService

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "runs/log-inputs", requires: .edit(.experiment)) { fields, _ in
            let run = try fields.requiredString("run_id")
            try await service.log(datasets: try fields.messages("datasets"), models: try fields.messages("models"), of: run)
            return EmptyResponse()
        }
        routes.mlflow(.post, "runs/outputs", requires: .edit(.experiment)) { fields, _ in
            let run = try fields.requiredString("run_id")
            try await service.log(outputs: try fields.requiredMessages("models"), of: run)
            return EmptyResponse()
        }
        routes.mlflow(.post, "runs/log-model", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let run = try fields.requiredString("run_id")
            try await service.log(modelJSON: try fields.requiredString("model_json"), of: run)
            return EmptyResponse()
        }
        // By mistake, MLflow's own path below `/api` lacks the slash before `mlflow`.
        routes.mlflow(.post, "experiments/search-datasets", requires: .read(.experiment)) { fields, _ in
            PageResponse(name: "dataset_summaries", items: try await service.datasets(of: try fields.strings("experiment_ids")))
        }
    }
}

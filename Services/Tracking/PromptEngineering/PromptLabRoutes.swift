internal import ArtifactStore
internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import NIOCore
internal import ServiceKit
internal import WireProtocol

/// `runs/create-promptlab-run`: logs a prompt tried in MLflow's UI as a run, with its model and its evaluation table.
///
/// Source: `mlflow/utils/promptlab_utils.py` of MLflow 3.17.
struct PromptLabRoutes: Sendable {
    let runs: RunService
    let runData: RunDataStore
    let stores: ArtifactStoreResolver
    let time: TimeSource
    let random: RandomSource

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "runs/create-promptlab-run", requires: .edit(.experiment)) { fields, _ in
            Envelope("run", try await create(try PromptLabRequest(fields)))
        }
    }

    /// Creates the run with its artifacts, params and tags. Params and tags are written last, in one transaction, so the tag that
    /// announces the table exists only if the table does.
    ///
    /// - Throws: `ServiceError` if a write fails; the run, if already created, is then marked as failed.
    private func create(_ request: PromptLabRequest) async throws -> Run {
        let run = try await runs.create(
            experimentID: request.experimentID, userID: request.userID, startTime: request.startTime ?? time.now(),
            tags: request.tags, name: request.runName)
        let id = run.info.runID
        do {
            let model = PromptLabModel(request: request, runID: id, uuid: random.hexID(), createdAt: time.now())
            try await write(model.files, below: run.info.artifactURI)
            let tags = [
                KeyValue(key: "mlflow.loggedArtifacts", value: PromptLabModel.loggedArtifacts),
                KeyValue(key: "mlflow.runSourceType", value: "PROMPT_ENGINEERING"),
                KeyValue(key: ModelHistoryEntry.tag, value: model.history),
            ]
            try await runData.log(try LogBatch(runID: id, metrics: [], params: request.params, tags: tags))
            _ = try await runs.update(id, status: .finished, endTime: time.now(), name: nil)
        } catch {
            _ = try? await runs.update(id, status: .failed, endTime: time.now(), name: nil)
            throw error
        }
        return try await runs.get(id)
    }

    private func write(_ files: [PromptLabModel.File], below uri: String) async throws {
        let location = try stores.resolve(uri)
        for file in files {
            let bytes = ByteBuffer(string: file.text)
            try await location.store.write(
                try location.path.appending(try ArtifactPath(file: file.path)), size: Int64(bytes.readableBytes),
                body: RequestBody(buffer: bytes))
        }
    }
}

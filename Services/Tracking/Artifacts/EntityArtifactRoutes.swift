internal import ArtifactStore
internal import Database
internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import ServiceClient
internal import ServiceKit
internal import WireProtocol

/// Routes for artifacts of a run, logged model or model version, used by MLflow's UI and some SDKs.
struct EntityArtifactRoutes: Sendable {
    let database: any Database
    let stores: ArtifactStoreResolver
    let registry: RegistryClient

    /// In bytes.
    private static let uploadLimit = 10 << 20
    /// Lifetimes of presigned URLs in seconds.
    private static let lifetimes: ClosedRange<Int64> = 1...604_800

    func register(on routes: APIRoutes) {
        routes.mlflow(.get, "artifacts/list", requires: .read(.experiment)) { fields, _ in
            let run = try fields.requiredRunID()
            return try await list(try await runURI(run), path: try fields.string("path") ?? "")
        }
        for path in ["/get-artifact", "/ajax-api/2.0/mlflow/get-artifact"] {
            routes.at(.get, path, requires: .read(.experiment), execution: .onEventLoop) { request, context in
                let fields = try await MessageFields.read(from: request, context: context)
                let run = try fields.string("run_id") ?? (try fields.string("run_uuid")) ?? "None"
                return try await file(try await runURI(run), path: try fields.requiredString("path"), request)
            }
        }
        routes.at(.post, "/ajax-api/2.0/mlflow/upload-artifact", requires: .edit(.experiment), upload)
        routes.raw(.get, "2.0/mlflow/logged-models/{model_id}/artifacts/directories", requires: .read(.experiment)) { request, context in
            let model = try context.parameters.require("model_id")
            let path = request.uri.queryParameters["artifact_directory_path"].map(String.init) ?? ""
            return .json(try await list(try await modelURI(model), path: path))
        }
        // As in MLflow, only below `/ajax-api`.
        routes.at(
            .get, "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files", requires: .read(.experiment), execution: .onEventLoop
        ) { request, context in
            let model = try context.parameters.require("model_id")
            guard let path = request.uri.queryParameters["artifact_file_path"].map(String.init), !path.isEmpty else {
                throw ServiceError(.badRequest, "Request must include the \"artifact_file_path\" query parameter.")
            }
            return try await file(try await modelURI(model), path: path, request)
        }
        for path in ["/model-versions/get-artifact", "/ajax-api/2.0/mlflow/model-versions/get-artifact"] {
            routes.at(.get, path, requires: .read(.registeredModel), execution: .onEventLoop) { request, context in
                try await modelVersionFile(request, context)
            }
        }
        registerPresigned(on: routes)
    }

    private func registerPresigned(on routes: APIRoutes) {
        routes.mlflow(.post, "artifacts/presigned-upload-url", requires: .edit(.experiment)) { fields, _ in
            let (run, model) = (try fields.string("run_id") ?? "", try fields.string("model_id") ?? "")
            let path = try fields.requiredString("path")
            guard run.isEmpty != model.isEmpty else {
                throw ServiceError.invalidParameter("Exactly one of run_id and model_id must be provided.")
            }
            let file = try ArtifactPath(file: path)
            let uri = run.isEmpty ? try await modelURI(model) : try await runURI(run)
            let (location, transfer) = try directTransfer(for: uri, "Presigned upload")
            let request = try await transfer.presignUpload(
                try location.path.appending(file),
                contentType: ArtifactMIMEType.mimeType(ofFile: path.split(separator: "/").last.map(String.init) ?? path),
                expires: try Self.lifetime(fields))
            return PresignedURL("presigned_url", request)
        }
        routes.mlflow(.post, "artifacts/presigned-download-url", requires: .read(.experiment)) { fields, _ in
            let run = try fields.requiredString("run_id")
            let path = try ArtifactPath(file: try fields.requiredString("path"))
            let lifetime = try Self.lifetime(fields)
            let (location, transfer) = try directTransfer(for: try await runURI(run), "Presigned download")
            let download = try await transfer.presignDownload(try location.path.appending(path), expires: lifetime)
            return PresignedURL("presigned_url", download.request, size: download.size)
        }
    }

    // MARK: Handlers

    /// Lists a directory of a run.
    func list(run: String, path: String) async throws -> ListArtifacts.Response { try await list(try await runURI(run), path: path) }

    private func list(_ uri: String, path: String) async throws -> ListArtifacts.Response {
        let location = try stores.resolve(uri)
        let directory = try ArtifactPath(path)
        let files = try await location.store.list(try location.path.appending(directory))
        let prefix = directory.segments.isEmpty ? "" : "\(directory)/"
        return ListArtifacts.Response(rootURI: uri, files: files.map { FileInfo($0, path: prefix + $0.name) })
    }

    private func file(_ uri: String, path: String, _ request: Request) async throws -> Response {
        let location = try stores.resolve(uri)
        return try await .artifact(location.store, try location.path.appending(try ArtifactPath(path)), request)
    }

    /// Returns a file of a model version, whose location the registry provides.
    private func modelVersionFile(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let query = request.uri.queryParameters
        guard let path = query["path"].map(String.init), !path.isEmpty else {
            throw ServiceError(.badRequest, "Request must include the \"path\" query parameter.")
        }
        _ = try ArtifactPath(path)
        let uri = try await registry.adding(headers: context.clientHeaders).downloadURI(
            ofVersion: query["version"].map(String.init) ?? "", of: query["name"].map(String.init) ?? "")
        return try await file(uri, path: path, request)
    }

    private func upload(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let query = request.uri.queryParameters
        guard let run = query["run_uuid"].map(String.init), !run.isEmpty else {
            throw ServiceError.invalidParameter("Request must specify run_uuid.")
        }
        guard let path = query["path"].map(String.init), !path.isEmpty else {
            throw ServiceError.invalidParameter("Request must specify path.")
        }
        let tooLarge = ServiceError.invalidParameter("Artifact size is too large. Max size is 10MB.")
        if let size = request.headers[.contentLength].flatMap({ Int($0) }), size > Self.uploadLimit { throw tooLarge }
        let body: RequestBody
        do {
            body = RequestBody(buffer: try await request.collectBody(in: context, upTo: Self.uploadLimit))
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw tooLarge
        }
        guard request.headers[.contentLength] != "0" else { throw ServiceError.invalidParameter("Request must specify data.") }
        let location = try stores.resolve(try await runURI(run))
        try await location.store.write(try location.path.appending(try ArtifactPath(file: path)), size: nil, body: body)
        return Response(status: .ok, headers: [.contentType: "application/json"])
    }

    // MARK: Lookups

    private func runURI(_ runID: String) async throws -> String {
        guard let run = try await database.read(.statement, { try RunStore.find(runID, $0) }) else {
            throw ServiceError.runNotFound(runID)
        }
        return run.info.artifactURI
    }

    private func modelURI(_ modelID: String) async throws -> String {
        let uri = try await database.read(.point) { connection in
            try connection.first(
                "SELECT artifact_uri FROM logged_models WHERE model_id = \(modelID) AND lifecycle_stage = 'active'"
            ) { $0.text(0) }
        }
        guard let uri else { throw ServiceError.doesNotExist("Logged model with ID '\(modelID)' not found.") }
        return uri
    }

    private func directTransfer(for uri: String, _ feature: String) throws -> (ArtifactStoreResolver.Location, any DirectTransfer) {
        guard !ArtifactStoreResolver.isProxied(uri) else {
            let scheme = uri.prefix { $0 != ":" }
            let subject = feature == "Presigned upload" ? "" : "runs with "
            let needs = subject.isEmpty ? "a direct cloud storage artifact URI" : "a run with a direct cloud storage artifact URI"
            throw ServiceError.invalidParameter(
                "\(feature) is not supported for \(subject)proxied artifact storage (artifact URI scheme: \(scheme)). This endpoint"
                    + " requires \(needs).")
        }
        let location = try stores.resolve(uri)
        guard let transfer = location.store.directTransfer else {
            throw ServiceError(.notImplemented, "\(feature) is not supported for the current artifact repository")
        }
        return (location, transfer)
    }

    private static func lifetime(_ fields: MessageFields) throws -> Duration {
        let seconds = try fields.integer("expiration") ?? 900
        guard lifetimes.contains(seconds) else {
            throw ServiceError.invalidParameter("expiration must be between 1 and 604800 seconds (got \(seconds)).")
        }
        return .seconds(seconds)
    }
}

internal import ArtifactStore
internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// Routes under `mlflow-artifacts/…`, through which MLflow's clients access the default store by path.
struct ProxiedArtifactRoutes: Sendable {
    let store: any ArtifactStore

    /// The lifetime of presigned URLs.
    private static let lifetime: Duration = .seconds(900)

    func register(on routes: APIRoutes) {
        routes.raw(.get, "2.0/mlflow-artifacts/artifacts", requires: .read(.experiment)) { request, context in
            let fields = try await MessageFields.read(from: request, context: context)
            let files = try await store.list(try ArtifactPath(try fields.string("path") ?? ""))
            return .json(ListArtifacts.Response(rootURI: nil, files: files.map { FileInfo($0, path: $0.name) }))
        }
        routes.raw(.get, "2.0/mlflow-artifacts/artifacts/**", requires: .read(.experiment), execution: .onEventLoop) { request, _ in
            try await .artifact(store, try ArtifactPath(file: Self.path(of: request, after: "artifacts")), request)
        }
        routes.raw(.put, "2.0/mlflow-artifacts/artifacts/**", requires: .edit(.experiment), execution: .onEventLoop) { request, _ in
            let path = try ArtifactPath(file: Self.path(of: request, after: "artifacts"))
            let size = request.headers[.contentLength].flatMap { Int64($0) }
            try await store.write(path, size: size, body: request.body)
            return Response(status: .ok)
        }
        routes.raw(.delete, "2.0/mlflow-artifacts/artifacts/**", requires: .manage(.experiment)) { request, _ in
            try await store.delete(try ArtifactPath(Self.path(of: request, after: "artifacts")))
            return .json(EmptyResponse())
        }
        registerDirectTransfer(on: routes)
    }

    private func registerDirectTransfer(on routes: APIRoutes) {
        routes.raw(.post, "2.0/mlflow-artifacts/mpu/create/**", requires: .edit(.experiment)) { request, context in
            try await Self.handle(request, after: "mpu/create", context) { path, fields in
                let parts = try fields.integer("num_parts") ?? 0
                let upload = try await transfer("Multipart upload").createMultipartUpload(
                    path, partCount: Int(clamping: parts), expires: Self.lifetime)
                return .json(CreateMultipartUpload.Response(upload))
            }
        }
        routes.raw(.post, "2.0/mlflow-artifacts/mpu/complete/**", requires: .edit(.experiment)) { request, context in
            try await Self.handle(request, after: "mpu/complete", context) { path, fields in
                let parts: [MultipartUploadPart] = try fields.requiredMessages("parts")
                try await transfer("Multipart upload").completeMultipartUpload(
                    path, uploadID: try fields.string("upload_id") ?? "",
                    parts: parts.map { UploadedPart(number: Int(clamping: $0.partNumber), etag: $0.etag) })
                return .json(EmptyResponse())
            }
        }
        routes.raw(.post, "2.0/mlflow-artifacts/mpu/abort/**", requires: .edit(.experiment)) { request, context in
            try await Self.handle(request, after: "mpu/abort", context) { path, fields in
                try await transfer("Multipart upload").abortMultipartUpload(path, uploadID: try fields.string("upload_id") ?? "")
                return .json(EmptyResponse())
            }
        }
        routes.raw(.get, "2.0/mlflow-artifacts/presigned/**", requires: .read(.experiment)) { request, _ in
            let path = try ArtifactPath(file: Self.path(of: request, after: "presigned"))
            let download = try await transfer("Multipart download").presignDownload(path, expires: Self.lifetime)
            return .json(PresignedURL("url", download.request, size: download.size))
        }
    }

    private func transfer(_ feature: String) throws -> any DirectTransfer {
        guard let transfer = store.directTransfer else {
            throw ServiceError(.notImplemented, "\(feature) is not supported for the current artifact repository")
        }
        return transfer
    }

    /// Handles a request of the multipart API, passing the artifact path and the request's fields to `handler`. The URL contains
    /// the directory. The body contains the file's path on the client's disk, of which only the last segment is used.
    private static func handle(
        _ request: Request, after segment: String, _ context: ServiceRequestContext,
        _ handler: @Sendable (ArtifactPath, MessageFields) async throws -> Response
    ) async throws -> Response {
        let directory = try ArtifactPath(path(of: request, after: segment))
        return try await MessageFields.handle(request, context) { fields in
            let name = try fields.requiredString("path").split { $0 == "/" || $0 == "\\" }.last ?? ""
            return try await handler(try directory.appending(try ArtifactPath(file: String(name))), fields)
        }
    }

    /// The rest of the URL's path after a segment, still percent-encoded.
    private static func path(of request: Request, after segment: String) -> String {
        let path = request.uri.path
        guard let range = path.firstRange(of: "/mlflow-artifacts/\(segment)/") else { return "" }
        return String(path[range.upperBound...])
    }
}

import NIOHTTP1
internal import Primitives
internal import SignatureV4

extension S3ArtifactStore: DirectTransfer {
    package func presignDownload(_ path: ArtifactPath, expires: Duration) async throws -> PresignedDownload {
        guard let name = path.name else { throw ArtifactError.isDirectory(path) }
        let lifetime = try Self.lifetime(expires)
        let key = location.key(path)
        let headers = try await translatingReadErrors(at: path) {
            try await client.headers(S3Request(method: .HEAD, key: key))
        }
        guard let size = headers.first(name: "content-length").flatMap({ Int64($0) }) else {
            throw ArtifactError(.unavailable, "S3 didn't return the size of the artifact.")
        }
        // Signed, so that the URL can't be changed to make a browser display the file as a page of the bucket's host.
        let disposition = "attachment; filename*=UTF-8''" + PercentEncoding.encode(name)
        let request = S3Request(
            method: .GET, key: key, query: [(name: "response-content-disposition", value: disposition)])
        return PresignedDownload(
            request: PresignedRequest(url: client.presign(request, lifetime: lifetime), headers: [:]), size: size)
    }

    package func presignUpload(
        _ path: ArtifactPath, contentType: String, expires: Duration
    ) async throws -> PresignedRequest {
        guard !path.segments.isEmpty else { throw ArtifactError.isDirectory(path) }
        let headers =
            uploadOptions.headers.filter { $0.name != "content-type" } + [(name: "content-type", value: contentType)]
        let request = S3Request(method: .PUT, key: location.key(path), headers: headers)
        return PresignedRequest(
            url: client.presign(request, lifetime: try Self.lifetime(expires)),
            headers: Dictionary(headers.map { ($0.name, $0.value) }) { $1 })
    }

    package func createMultipartUpload(
        _ path: ArtifactPath, partCount: Int, expires: Duration
    ) async throws -> MultipartUpload {
        guard !path.segments.isEmpty else { throw ArtifactError.isDirectory(path) }
        guard (0...S3Upload.maximumParts).contains(partCount) else {
            throw ArtifactError(
                .invalidArgument,
                "The number of parts must be between 0 and \(S3Upload.maximumParts) (got \(partCount)).")
        }
        let lifetime = try Self.lifetime(expires)
        let key = location.key(path)
        let uploadID = try await translatingErrors(at: path) {
            try await client.createMultipartUpload(key: key, headers: uploadOptions.headers)
        }
        let parts = (0..<partCount).map { index in
            let request = S3Client.partRequest(number: index + 1, of: uploadID, key: key)
            return PresignedRequest(url: client.presign(request, lifetime: lifetime), headers: [:])
        }
        return MultipartUpload(uploadID: uploadID, parts: parts)
    }

    package func completeMultipartUpload(
        _ path: ArtifactPath, uploadID: String, parts: [UploadedPart]
    ) async throws {
        try await translatingErrors(at: path) {
            try await client.completeMultipartUpload(key: location.key(path), uploadID: uploadID, parts: parts)
        }
    }

    package func abortMultipartUpload(_ path: ArtifactPath, uploadID: String) async throws {
        try await translatingErrors(at: path) {
            try await client.abortMultipartUpload(key: location.key(path), uploadID: uploadID)
        }
    }

    /// The lifetime in whole seconds.
    private static func lifetime(_ expires: Duration) throws(ArtifactError) -> Int {
        let seconds = expires.components.seconds
        guard (1...Int64(SignatureV4.maximumLifetime)).contains(seconds) else {
            // MLflow's message.
            throw ArtifactError(
                .invalidArgument,
                "expiration must be between 1 and \(SignatureV4.maximumLifetime) seconds (got \(seconds)).")
        }
        return Int(seconds)
    }
}

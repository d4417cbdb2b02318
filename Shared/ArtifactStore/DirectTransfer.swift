/// Creates presigned URLs for direct transfers between a client and the storage.
///
/// All methods throw ``ArtifactError``. A lifetime outside SigV4's limits of 1…604,800 seconds is `invalidArgument`.
package protocol DirectTransfer: Sendable {
    /// Signs a GET URL for an existing file, which is served as a download under the file's name.
    func presignDownload(_ path: ArtifactPath, expires: Duration) async throws -> PresignedDownload

    /// Signs a PUT URL for a file. The client must also send the returned headers, which are part of the signature.
    func presignUpload(_ path: ArtifactPath, contentType: String, expires: Duration) async throws -> PresignedRequest

    /// Starts an upload with `partCount` parts (0…10,000) and signs a URL for each.
    func createMultipartUpload(
        _ path: ArtifactPath, partCount: Int, expires: Duration
    ) async throws -> MultipartUpload

    /// Assembles the file from the uploaded parts, which may be given in any order.
    func completeMultipartUpload(_ path: ArtifactPath, uploadID: String, parts: [UploadedPart]) async throws

    /// Aborts an upload and deletes its parts. Does nothing if the upload doesn't exist.
    func abortMultipartUpload(_ path: ArtifactPath, uploadID: String) async throws
}

/// A presigned URL and the headers to send with it.
package struct PresignedRequest: Sendable, Hashable {
    package let url: String
    package let headers: [String: String]
}

/// A presigned URL for a file, and the file's size in bytes.
package struct PresignedDownload: Sendable, Hashable {
    package let request: PresignedRequest
    package let size: Int64
}

/// A multipart upload in progress. `parts[i]` uploads part number `i + 1`.
package struct MultipartUpload: Sendable, Hashable {
    package let uploadID: String
    package let parts: [PresignedRequest]
}

/// An uploaded part.
package struct UploadedPart: Sendable, Hashable {
    /// The part number, 1…10,000.
    package let number: Int
    /// The ETag that the storage returned.
    package let etag: String

    package init(number: Int, etag: String) {
        self.number = number
        self.etag = etag
    }
}

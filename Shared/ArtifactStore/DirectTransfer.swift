/// Signed URLs with which a client moves an artifact's bytes past the server, straight to and from the storage.
///
/// All throw ``ArtifactError``; a lifetime outside 1…604,800 seconds (what SigV4 allows) is `invalidArgument`.
package protocol DirectTransfer: Sendable {
    /// A URL to GET an existing file with, served as a download under the file's own name.
    func presignDownload(_ path: ArtifactPath, expires: Duration) async throws -> PresignedDownload

    /// A URL to PUT a file with. The client must send the returned headers too: they are part of the signature.
    func presignUpload(_ path: ArtifactPath, contentType: String, expires: Duration) async throws -> PresignedRequest

    /// Begins an upload in `partCount` parts (0…10,000) and signs a URL for each.
    func createMultipartUpload(
        _ path: ArtifactPath, partCount: Int, expires: Duration
    ) async throws -> MultipartUpload

    /// Makes the file of the parts that the client has uploaded, in whatever order they are given.
    func completeMultipartUpload(_ path: ArtifactPath, uploadID: String, parts: [UploadedPart]) async throws

    /// Discards an upload and the parts it has. An upload that is gone already is no error.
    func abortMultipartUpload(_ path: ArtifactPath, uploadID: String) async throws
}

/// A URL that carries its own authorisation, and the headers to send with it.
package struct PresignedRequest: Sendable, Hashable {
    package let url: String
    package let headers: [String: String]
}

/// A signed URL to read a file with, and the file's size in bytes.
package struct PresignedDownload: Sendable, Hashable {
    package let request: PresignedRequest
    package let size: Int64
}

/// An upload in parts that has begun. `parts[i]` uploads part number `i + 1`.
package struct MultipartUpload: Sendable, Hashable {
    package let uploadID: String
    package let parts: [PresignedRequest]
}

/// A part that has been uploaded, named by the ETag that the storage answered.
package struct UploadedPart: Sendable, Hashable {
    /// 1…10,000.
    package let number: Int
    package let etag: String

    package init(number: Int, etag: String) {
        self.number = number
        self.etag = etag
    }
}

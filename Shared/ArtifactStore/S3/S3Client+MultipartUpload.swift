import NIOCore
import NIOHTTP1

/// Multipart uploads.
extension S3Client {
    /// Starts an upload and returns its ID.
    func createMultipartUpload(key: String, headers: [(name: String, value: String)]) async throws -> String {
        let request = S3Request(method: .POST, key: key, query: [(name: "uploads", value: "")], headers: headers)
        let result = try await document(request, rootName: "InitiateMultipartUploadResult")
        guard let id = result["UploadId"]?.text, !id.isEmpty else {
            throw ArtifactError(.unavailable, "S3 didn't return an ID for a multipart upload.")
        }
        return id
    }

    func uploadPart(_ part: ByteBatch, number: Int, of uploadID: String, key: String) async throws -> UploadedPart {
        var request = Self.partRequest(number: number, of: uploadID, key: key)
        request.body = part
        guard let etag = try await headers(request).first(name: "etag") else {
            throw ArtifactError(.unavailable, "S3 didn't return an ETag for a part.")
        }
        return UploadedPart(number: number, etag: etag)
    }

    /// The request for uploading a part, without its body.
    static func partRequest(number: Int, of uploadID: String, key: String) -> S3Request {
        S3Request(
            method: .PUT, key: key,
            query: [(name: "partNumber", value: String(number)), (name: "uploadId", value: uploadID)])
    }

    func completeMultipartUpload(key: String, uploadID: String, parts: [UploadedPart]) async throws {
        let list = parts.sorted { $0.number < $1.number }.map { part in
            "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(XMLNode.escape(part.etag))</ETag></Part>"
        }
        var request = S3Request(method: .POST, key: key, query: [(name: "uploadId", value: uploadID)])
        request.headers = [(name: "content-type", value: "application/xml")]
        request.body.append(
            ByteBuffer(
                string: "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                    + list.joined() + "</CompleteMultipartUpload>"))
        _ = try await document(request, rootName: nil)
    }

    func abortMultipartUpload(key: String, uploadID: String) async throws {
        do {
            try await headers(S3Request(method: .DELETE, key: key, query: [(name: "uploadId", value: uploadID)]))
        } catch let failure as S3Error where failure.code == "NoSuchUpload" {
            return
        }
    }
}

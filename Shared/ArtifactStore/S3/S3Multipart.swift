import NIOCore
import NIOHTTP1

/// The calls of an upload in parts.
extension S3Client {
    /// The id of a new upload.
    func createMultipartUpload(key: String, headers: [(name: String, value: String)]) async throws -> String {
        let call = S3Call(method: .POST, key: key, query: [(name: "uploads", value: "")], headers: headers)
        let result = try await document(call, rootName: "InitiateMultipartUploadResult")
        guard let id = result["UploadId"]?.text, !id.isEmpty else {
            throw ArtifactError(.unavailable, "S3 gave no id for a multipart upload")
        }
        return id
    }

    func uploadPart(_ part: ByteBatch, number: Int, of uploadID: String, key: String) async throws -> UploadedPart {
        var call = Self.partCall(number: number, of: uploadID, key: key)
        call.body = part
        guard let etag = try await headers(call).first(name: "etag") else {
            throw ArtifactError(.unavailable, "S3 gave no ETag for a part")
        }
        return UploadedPart(number: number, etag: etag)
    }

    /// The call that uploads a part, without its body.
    static func partCall(number: Int, of uploadID: String, key: String) -> S3Call {
        S3Call(
            method: .PUT, key: key,
            query: [(name: "partNumber", value: String(number)), (name: "uploadId", value: uploadID)])
    }

    func completeMultipartUpload(key: String, uploadID: String, parts: [UploadedPart]) async throws {
        let list = parts.sorted { $0.number < $1.number }.map { part in
            "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(XMLNode.escape(part.etag))</ETag></Part>"
        }
        var call = S3Call(method: .POST, key: key, query: [(name: "uploadId", value: uploadID)])
        call.headers = [(name: "content-type", value: "application/xml")]
        call.body.append(
            ByteBuffer(
                string: "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                    + list.joined() + "</CompleteMultipartUpload>"))
        _ = try await document(call, rootName: nil)
    }

    func abortMultipartUpload(key: String, uploadID: String) async throws {
        do {
            try await headers(S3Call(method: .DELETE, key: key, query: [(name: "uploadId", value: uploadID)]))
        } catch let failure as S3Failure where failure.code == "NoSuchUpload" {
            return
        }
    }
}

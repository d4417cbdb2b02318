import AsyncHTTPClient
internal import Hashing
import NIOCore
import NIOHTTP1
internal import Primitives

extension S3Client {
    /// Deletes up to ``pageSize`` objects in one request. Ignores keys that don't exist.
    func delete(_ keys: [String]) async throws {
        guard !keys.isEmpty else { return }
        let objects = keys.map { "<Object><Key>\(XMLNode.escape($0))</Key></Object>" }.joined()
        let body = ByteBuffer(
            string: "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(objects)<Quiet>true</Quiet></Delete>")

        var request = S3Request(method: .POST, key: "", query: [(name: "delete", value: "")])
        // S3 requires this digest for this request, in addition to the signed hash.
        let digest = MD5.hash(body.readableBytesView)
        request.headers = [
            (name: "content-md5", value: Base64.encode(digest)),
            (name: "content-type", value: "application/xml"),
        ]
        request.body.append(body)
        try await send(request) { response in
            let result = try await Self.document(response)
            // The status is 200 even if some objects couldn't be deleted.
            if result.name != "DeleteResult" || result["Error"] != nil {
                throw S3Error(
                    status: response.status, headers: response.headers, document: result["Error"] ?? result)
            }
        }
    }
}

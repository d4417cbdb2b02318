import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// The bytes of `range` of an object, from a response in progress.
///
/// When the connection breaks, a new request resumes at the same position, unless the object has changed.
struct ObjectChunks: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    let client: S3Client
    let key: String
    /// The ETag of the object's version in the response.
    let etag: String?
    let range: Range<Int64>
    let response: HTTPClientResponse

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(source: self, bytes: response.body.makeAsyncIterator(), rest: range)
    }

    /// The response is shorter than its header announced.
    struct TruncatedBody: Error {}

    struct AsyncIterator: AsyncIteratorProtocol {
        let source: ObjectChunks
        var bytes: HTTPClientResponse.Body.AsyncIterator
        var rest: Range<Int64>

        mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            var failures = 0
            while true {
                do {
                    guard let chunk = try await bytes.next() else { throw TruncatedBody() }
                    let length = Int(Swift.min(Int64(chunk.readableBytes), rest.upperBound - rest.lowerBound))
                    guard length > 0 else { continue }
                    rest = (rest.lowerBound + Int64(length))..<rest.upperBound
                    return chunk.getSlice(at: chunk.readerIndex, length: length)
                } catch {
                    failures += 1
                    guard failures < source.client.retries.attempts, source.client.isTransient(error) else {
                        throw source.client.translate(error)
                    }
                    try await source.client.retries.pause(afterFailures: failures)
                    bytes = try await source.reopen(at: rest)
                }
            }
        }
    }

    private func reopen(at range: Range<Int64>) async throws -> HTTPClientResponse.Body.AsyncIterator {
        let requested = ByteRange.bytes(first: range.lowerBound, last: range.upperBound - 1)
        var request = S3Request(method: .GET, key: key, headers: [(name: "range", value: requested.headerValue)])
        if let etag { request.headers.append((name: "if-match", value: etag)) }
        do {
            let response = try await client.send(request) { $0 }
            // A server that ignores the range would respond with the whole object.
            guard response.status == .partialContent else { throw TruncatedBody() }
            return response.body.makeAsyncIterator()
        } catch let failure as S3Error {
            throw ArtifactError(.unavailable, "The artifact was replaced or deleted while it was being read.", cause: failure)
        } catch {
            throw client.translate(error)
        }
    }
}

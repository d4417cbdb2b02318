import NIOCore
import NIOHTTP1

/// Uploads one object from a body of any length, with a few parts of it in memory.
struct S3Upload: Sendable {
    /// The maximum size of a body that is sent in one request, and the minimum size of the parts of a longer one, in bytes.
    static let partBytes = 8 * 1024 * 1024
    /// S3's maximum number of parts.
    static let maximumParts = 10_000
    /// S3's maximum size of a part in bytes.
    private static let maximumPartBytes = 5 * 1024 * 1024 * 1024
    /// The number of parts that are uploaded concurrently. One more is being read.
    private static let concurrentParts = 3

    let client: S3Client
    let key: String
    let headers: [(name: String, value: String)]
    /// The length of the body in bytes; `nil` if unknown.
    let size: Int64?

    func send<Body: AsyncSequence & Sendable>(_ body: Body) async throws where Body.Element == ByteBuffer {
        var source = try PartReader(body.makeAsyncIterator(), announcedSize: size)
        let first = try await source.next(bytes: Self.partBytes(number: 1, size: size))
        if source.isAtEnd {
            try await client.headers(S3Request(method: .PUT, key: key, headers: headers, body: first))
        } else {
            try await sendParts(first: first, rest: &source)
        }
    }

    private func sendParts<Base: AsyncIteratorProtocol>(
        first: ByteBatch, rest source: inout PartReader<Base>
    ) async throws {
        let uploadID = try await client.createMultipartUpload(key: key, headers: headers)
        do {
            let parts = try await withThrowingTaskGroup(of: UploadedPart.self) { group in
                var (part, number, done) = (first, 0, [UploadedPart]())
                while part.count > 0 {
                    number += 1
                    guard number <= Self.maximumParts else {
                        throw ArtifactError(.invalidArgument, "The body is too large for S3.")
                    }
                    if number - done.count > Self.concurrentParts, let finished = try await group.next() {
                        done.append(finished)
                    }
                    group.addTask { [part, number] in
                        try await client.uploadPart(part, number: number, of: uploadID, key: key)
                    }
                    part = try await source.next(bytes: Self.partBytes(number: number + 1, size: size))
                }
                for try await finished in group { done.append(finished) }
                return done
            }
            try await complete(uploadID, parts)
        } catch {
            // In a separate task because this one may be cancelled. If aborting fails, a lifecycle rule of the bucket removes the upload.
            await Task { try? await client.abortMultipartUpload(key: key, uploadID: uploadID) }.value
            throw error
        }
    }

    /// Completes the upload. If the storage no longer knows the upload, an earlier attempt may have completed it and only the response was
    /// lost: then the object exists and its ETag contains the number of parts.
    private func complete(_ uploadID: String, _ parts: [UploadedPart]) async throws {
        do {
            try await client.completeMultipartUpload(key: key, uploadID: uploadID, parts: parts)
        } catch let failure as S3Error where failure.code == "NoSuchUpload" {
            let headers = try? await client.headers(S3Request(method: .HEAD, key: key))
            guard headers?.first(name: "etag")?.contains("-\(parts.count)") == true else { throw failure }
        }
    }

    /// The size of a part in bytes. All parts of an upload have the same size, which some implementations require, except that those of a
    /// body of unknown length grow after every 1,000, so that 10,000 parts are enough for S3's largest object.
    static func partBytes(number: Int, size: Int64?) -> Int {
        guard let size else { return min(maximumPartBytes, partBytes << min(9, (number - 1) / 1000)) }
        let megabyte: Int64 = 1024 * 1024
        let perPart = size / Int64(maximumParts) + 1
        let rounded = (min(perPart, Int64(maximumPartBytes)) + megabyte - 1) / megabyte * megabyte
        return max(partBytes, Int(rounded))
    }
}

/// Splits a body into parts.
private struct PartReader<Base: AsyncIteratorProtocol> where Base.Element == ByteBuffer {
    private var base: Base
    private var size: BodySizeCheck
    /// The bytes read beyond the last part.
    private var rest = ByteBuffer()
    /// Whether all bytes of the body have been returned.
    private(set) var isAtEnd = false

    init(_ base: Base, announcedSize: Int64?) throws(ArtifactError) {
        self.base = base
        size = try BodySizeCheck(announced: announcedSize)
    }

    /// The next part of `bytes` bytes; shorter or empty only at the end.
    mutating func next(bytes: Int) async throws -> ByteBatch {
        var part = ByteBatch()
        part.fill(from: &rest, upTo: bytes)
        // Reads at least one byte beyond the part, so that `isAtEnd` is known.
        while rest.readableBytes == 0, !isAtEnd {
            if let chunk = try await base.next() {
                try size.add(chunk.readableBytes)
                rest = chunk
                part.fill(from: &rest, upTo: bytes)
            } else {
                // When its task is cancelled, a body may end early instead of throwing.
                try Task.checkCancellation()
                try size.finish()
                isAtEnd = true
            }
        }
        return part
    }
}

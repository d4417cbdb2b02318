import NIOCore
import NIOHTTP1

/// Writes one object from a body of any length, holding a few parts of it in memory.
struct S3Upload: Sendable {
    /// A body up to here is sent in one request; a longer one in parts of at least this size.
    static let partBytes = 8 * 1024 * 1024
    /// S3's limits.
    static let maximumParts = 10_000
    private static let maximumPartBytes = 5 * 1024 * 1024 * 1024
    /// How many parts are under way at once; one more is being gathered.
    private static let concurrentParts = 3

    let client: S3Client
    let key: String
    let headers: [(name: String, value: String)]
    /// The body's length, where it is known.
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
                        throw ArtifactError(.invalidArgument, "The body is too large for S3")
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
            // In a task of its own, since this one may be cancelled. What can't be aborted, a life-cycle rule of the
            // bucket removes.
            await Task { try? await client.abortMultipartUpload(key: key, uploadID: uploadID) }.value
            throw error
        }
    }

    /// Makes the object of its parts. When the storage doesn't know the upload any more, an earlier attempt has done so, and
    /// only its response was lost: then the object is there, with an ETag that tells of how many parts it was made.
    private func complete(_ uploadID: String, _ parts: [UploadedPart]) async throws {
        do {
            try await client.completeMultipartUpload(key: key, uploadID: uploadID, parts: parts)
        } catch let failure as S3Error where failure.code == "NoSuchUpload" {
            let headers = try? await client.headers(S3Request(method: .HEAD, key: key))
            guard headers?.first(name: "etag")?.contains("-\(parts.count)") == true else { throw failure }
        }
    }

    /// How large a part should be. Parts of one upload are of one size, which some makers' storages demand, except that
    /// those of a body of unknown length grow after every 1,000, so that 10,000 are enough for S3's largest object.
    static func partBytes(number: Int, size: Int64?) -> Int {
        guard let size else { return min(maximumPartBytes, partBytes << min(9, (number - 1) / 1000)) }
        let megabyte: Int64 = 1024 * 1024
        let perPart = size / Int64(maximumParts) + 1
        let rounded = (min(perPart, Int64(maximumPartBytes)) + megabyte - 1) / megabyte * megabyte
        return max(partBytes, Int(rounded))
    }
}

/// Cuts a body into parts.
private struct PartReader<Base: AsyncIteratorProtocol> where Base.Element == ByteBuffer {
    private var base: Base
    private var size: BodySizeCheck
    /// What was read beyond the last part.
    private var rest = ByteBuffer()
    /// Whether the body has no more bytes than were given out.
    private(set) var isAtEnd = false

    init(_ base: Base, announcedSize: Int64?) throws(ArtifactError) {
        self.base = base
        size = try BodySizeCheck(announced: announcedSize)
    }

    /// The next part of `bytes` bytes; a shorter or empty one only at the end.
    mutating func next(bytes: Int) async throws -> ByteBatch {
        var part = ByteBatch()
        part.fill(from: &rest, upTo: bytes)
        // Goes on until a further byte is seen, so that `isAtEnd` is known.
        while rest.readableBytes == 0, !isAtEnd {
            if let chunk = try await base.next() {
                try size.add(chunk.readableBytes)
                rest = chunk
                part.fill(from: &rest, upTo: bytes)
            } else {
                // A body may end early, rather than throw, when its task is cancelled.
                try Task.checkCancellation()
                try size.finish()
                isAtEnd = true
            }
        }
        return part
    }
}

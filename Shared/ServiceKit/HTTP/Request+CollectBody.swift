package import Hummingbird
internal import JSON
package import NIOCore
internal import WireProtocol

/// A shorter body is read and handled in a fraction of a millisecond, where it came in.
package let largeBodyThreshold = 64 << 10

extension Request {
    /// A shorter body isn't worth counting: a connection takes more.
    static var smallBodyThreshold: Int { 4 << 10 }
    /// How long a body that is kept in memory may take from its first part to its end.
    private static var collectionTimeout: Duration { .seconds(300) }

    /// Reads the whole body into memory, which is reserved as it comes.
    ///
    /// - Parameter limit: bytes at most; the service's limit for API requests if `nil`.
    /// - Throws: `HTTPError` for a longer body (413) or one that takes too long (408); `ServiceError` when no memory is left (503).
    package func collectBody(in context: ServiceRequestContext, upTo limit: Int? = nil) async throws -> ByteBuffer {
        let limit = limit ?? context.maxUploadSize
        var isTooLong: HTTPError { HTTPError(.contentTooLarge, message: "The request's body exceeds \(limit) bytes.") }
        let length = headers[.contentLength].flatMap { Int($0) }
        if let length, length > limit { throw isTooLong }
        if let length, length <= Self.smallBodyThreshold { return try await body.collect(upTo: limit) }
        var parts = body.makeAsyncIterator()
        guard var collected = try await parts.next() else { return ByteBuffer() }
        let start = ContinuousClock.now
        try context.memory?.reserve(collected.readableBytes)
        while let part = try await parts.next() {
            guard collected.readableBytes + part.readableBytes <= limit else { throw isTooLong }
            guard start.duration(to: .now) < Self.collectionTimeout else {
                throw HTTPError(.requestTimeout, message: "The request's body didn't arrive in time.")
            }
            try context.memory?.reserve(part.readableBytes)
            // The rest comes into room that is there, and takes memory only when it comes.
            if let length { collected.reserveCapacity(length) }
            collected.writeImmutableBuffer(part)
        }
        guard collected.readableBytes <= limit else { throw isTooLong }
        return collected
    }
}

extension ServiceRequestContext {
    /// Reserves the memory that the values of a JSON document will take, so that nothing is built of one that is refused. A short one
    /// isn't worth counting.
    ///
    /// - Throws: `ServiceError` when there are more values than the limit allows (400), or no memory is left (503).
    package func reserve(forValuesIn document: some Collection<UInt8>) throws {
        guard document.count > Request.smallBodyThreshold else { return }
        let limit = limits.json.maximumNodes
        let footprint = JSONFootprint(of: document, maximumNodes: limit)
        guard footprint.nodes <= limit else {
            throw ServiceError.invalidParameter("The request's body exceeds a limit: more than \(limit) values and member names.")
        }
        try memory?.reserve(footprint.memory)
    }
}

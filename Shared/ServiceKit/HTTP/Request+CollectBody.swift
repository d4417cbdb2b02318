internal import HTTPServer
package import Hummingbird
internal import JSON
package import NIOCore
internal import WireProtocol

/// The size in bytes above which a body is handled off the event loop. A shorter one takes a fraction of a millisecond.
package let largeBodyThreshold = 64 << 10

extension Request {
    /// The size in bytes up to which no memory is reserved for a body: a connection itself uses more.
    static var smallBodyThreshold: Int { 4 << 10 }
    /// The maximum time from the first part of a collected body to its end.
    private static var collectionTimeout: Duration { .seconds(300) }

    /// Collects the whole body in memory, which is reserved as the body arrives.
    ///
    /// - Parameter limit: the maximum size in bytes; the service's limit for API requests if `nil`.
    /// - Throws: `HTTPError` for a body that is too long (413) or takes too long (408); `ServiceError` when no memory is left (503).
    package func collectBody(in context: ServiceRequestContext, upTo limit: Int? = nil) async throws -> ByteBuffer {
        let limit = limit ?? context.maxUploadSize
        var isTooLong: HTTPError { HTTPError(.contentTooLarge, message: "The request's body exceeds \(limit) bytes.") }
        let length = headers.value(of: .contentLength).flatMap { Int($0) }
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
            // Avoids reallocations. The kernel commits the memory only when the bytes arrive.
            if let length { collected.reserveCapacity(length) }
            collected.writeImmutableBuffer(part)
        }
        guard collected.readableBytes <= limit else { throw isTooLong }
        return collected
    }
}

extension ServiceRequestContext {
    /// Reserves the memory for the values of a JSON document before it is parsed. Doesn't count the values of a short document.
    ///
    /// - Throws: `ServiceError` when the document has more values than the limit allows (400) or no memory is left (503).
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

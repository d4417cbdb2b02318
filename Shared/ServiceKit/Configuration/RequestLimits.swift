package import WireProtocol

/// What a service reads of one request at most. More is refused as soon as it shows: bytes with status 413, the rest with 400.
package struct RequestLimits: Sendable, Hashable {
    /// Bytes of a body that is kept in memory; artifacts are streamed.
    package var bodyBytes: Int
    /// Bytes of such a body once it is unpacked.
    package var decompressedBytes: Int
    /// Values and names in a body, and how deep they are nested; for JSON and protobuf.
    package var json: JSONLimits
    /// Names and values in a query string.
    package var queryPairs: Int

    package init(
        bodyBytes: Int = 64 << 20, decompressedBytes: Int = 64 << 20, json: JSONLimits = .standard, queryPairs: Int = 10_000
    ) {
        self.bodyBytes = bodyBytes
        self.decompressedBytes = decompressedBytes
        self.json = json
        self.queryPairs = queryPairs
    }

    package static let standard = RequestLimits()
}

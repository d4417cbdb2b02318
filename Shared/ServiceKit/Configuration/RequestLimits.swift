package import WireProtocol

/// The limits on the size of a request. A request is rejected as soon as it exceeds one: with status 413 for bytes, otherwise with 400.
package struct RequestLimits: Sendable, Hashable {
    /// The maximum size of a body that is collected in memory, in bytes. Artifacts are streamed.
    package var bodyBytes: Int
    /// The maximum decompressed size of such a body, in bytes.
    package var decompressedBytes: Int
    /// The limits on the number of values and names in a body and on their nesting, for JSON and protobuf.
    package var json: JSONLimits
    /// The maximum number of parameters in a query string.
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

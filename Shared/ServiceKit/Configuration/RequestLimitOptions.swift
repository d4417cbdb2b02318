package import ArgumentParser
internal import WireProtocol

/// The flags that limit the size of a request.
package struct RequestLimitOptions: ParsableArguments, Sendable {
    @Option(help: "Maximum size of a request's body in bytes, except for artifacts (default: 67108864). [UNLADEN_MAX_REQUEST_BYTES]")
    package var maxRequestBytes: Int?

    @Option(help: "Maximum decompressed size of a compressed body in bytes (default: 67108864). [UNLADEN_MAX_DECOMPRESSED_BYTES]")
    package var maxDecompressedBytes: Int?

    @Option(
        help: """
            Maximum number of values and member names in a body; each uses up to 128 bytes of memory (default: 1000000). \
            [UNLADEN_MAX_REQUEST_NODES]
            """)
    package var maxRequestNodes: Int?

    @Option(help: "Maximum nesting depth of a body, from 1 to 256 (default: 100). [UNLADEN_MAX_REQUEST_DEPTH]")
    package var maxRequestDepth: Int?

    package init() {}

    package mutating func validate() throws {
        do { _ = try limits() } catch { throw ValidationError("\(error)") }
    }

    /// The limits from the flags and environment variables.
    ///
    /// - Throws: `ConfigurationError` for a number that is out of range.
    package func limits() throws -> RequestLimits {
        let standard = RequestLimits.standard
        return RequestLimits(
            bodyBytes: try LimitFlag.value("max-request-bytes", maxRequestBytes, 1...(1 << 40), default: standard.bodyBytes),
            decompressedBytes: try LimitFlag.value(
                "max-decompressed-bytes", maxDecompressedBytes, 1...(1 << 40), default: standard.decompressedBytes),
            json: JSONLimits(
                maximumNodes: try LimitFlag.value(
                    "max-request-nodes", maxRequestNodes, 1...(1 << 40), default: standard.json.maximumNodes),
                maximumDepth: try LimitFlag.value(
                    "max-request-depth", maxRequestDepth, 1...JSONLimits.maximumSupportedDepth,
                    default: standard.json.maximumDepth)))
    }
}

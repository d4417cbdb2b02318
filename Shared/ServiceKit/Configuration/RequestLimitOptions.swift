package import ArgumentParser
internal import WireProtocol

/// The flags for what a service reads of one request at most.
package struct RequestLimitOptions: ParsableArguments, Sendable {
    @Option(help: "Bytes of a request's body at most, artifacts excepted (default: 67108864). [UNLADEN_MAX_REQUEST_BYTES]")
    package var maxRequestBytes: Int?

    @Option(help: "Bytes of a compressed body at most once it is unpacked (default: 67108864). [UNLADEN_MAX_DECOMPRESSED_BYTES]")
    package var maxDecompressedBytes: Int?

    @Option(
        help: """
            Values and member names in a body at most; each takes up to 128 bytes of memory (default: 1000000). \
            [UNLADEN_MAX_REQUEST_NODES]
            """)
    package var maxRequestNodes: Int?

    @Option(help: "Levels of nesting in a body at most, up to 256 (default: 100). [UNLADEN_MAX_REQUEST_DEPTH]")
    package var maxRequestDepth: Int?

    package init() {}

    package mutating func validate() throws {
        do { _ = try limits() } catch { throw ValidationError("\(error)") }
    }

    /// The limits that the flags and the environment ask for.
    ///
    /// - Throws: `ConfigurationError` for a number that can't be a limit.
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

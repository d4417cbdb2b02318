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
            bodyBytes: try Limit.value("max-request-bytes", maxRequestBytes, 1...(1 << 40), default: standard.bodyBytes),
            decompressedBytes: try Limit.value(
                "max-decompressed-bytes", maxDecompressedBytes, 1...(1 << 40), default: standard.decompressedBytes),
            json: JSONLimits(
                maximumNodes: try Limit.value(
                    "max-request-nodes", maxRequestNodes, 1...(1 << 40), default: standard.json.maximumNodes),
                maximumDepth: try Limit.value(
                    "max-request-depth", maxRequestDepth, 1...JSONLimits.deepest, default: standard.json.maximumDepth)))
    }
}

/// Reads limits from flags and the environment.
package enum Limit {
    /// The value of a flag, of its environment variable (`max-x` has `UNLADEN_MAX_X`), or the default.
    ///
    /// - Throws: `ConfigurationError` for anything that isn't a number within `range`.
    package static func value(
        _ name: String, _ flag: Int?, _ range: ClosedRange<Int>, default standard: Int
    ) throws -> Int {
        let variable = "UNLADEN_" + name.uppercased().replacing("-", with: "_")
        if let flag {
            guard range.contains(flag) else { throw refused("--\(name)", range, "\(flag)") }
            return flag
        }
        guard let text = Environment[variable] else { return standard }
        guard let value = Int(text), range.contains(value) else { throw refused(variable, range, "'\(text.excerpt())'") }
        return value
    }

    private static func refused(_ name: String, _ range: ClosedRange<Int>, _ value: String) -> ConfigurationError {
        ConfigurationError("\(name) must be a number between \(range.lowerBound) and \(range.upperBound), not \(value)")
    }
}

internal import Primitives
internal import SignatureV4

/// A validated path relative to the root of an artifact store, which can't escape the root.
///
/// All checks operate on bytes: a slash with a combining mark isn't a slash as a Swift `Character`, but it is one to the storage.
package struct ArtifactPath: Sendable {
    /// The segments, starting at the root; empty for the root. No segment is empty, `.` or `..`, or contains a slash or a control
    /// character.
    package let segments: [String]

    /// The store's root.
    package static let root = ArtifactPath(trusted: [])

    /// The maximum depth: more than any client needs, and low enough to bound the use of stack and file descriptors.
    static let maximumSegments = 255
    /// The maximum length in bytes, Linux's PATH_MAX.
    static let maximumBytes = 4096
    /// The maximum number of rounds of percent-decoding, as in MLflow.
    private static let maximumDecodings = 10

    private init(trusted segments: [String]) {
        self.segments = segments
    }

    /// Parses the path of a URL as received, or the value of a query parameter (empty for the root).
    ///
    /// Percent-decodes repeatedly until nothing changes because some proxies and clients encode twice. Rejects everything that
    /// `validate_path_is_safe` of MLflow 3.17 rejects on any platform: `#`, `..`, absolute POSIX and Windows paths, backslashes, drive
    /// letters and `file:` URIs; and also `?`, NUL and invalid UTF-8. Percent-encodes other control characters (`%0a`), like MLflow.
    /// Ignores empty segments, `.` and a trailing slash.
    package init(_ encoded: String) throws(ArtifactError) {
        self = try Self.parse(try Self.decode(encoded))
    }

    /// Like ``init(_:)``, for the path of a file: it must not be empty or end with a slash.
    package init(file encoded: String) throws(ArtifactError) {
        let bytes = try Self.decode(encoded)
        self = try Self.parse(bytes)
        let last = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? []
        guard !last.isEmpty, last != [UInt8(ascii: ".")] else {
            throw ArtifactError(.invalidPath, "Artifact path must include a filename (cannot end with '/').")
        }
    }

    /// The last segment; `nil` for the root.
    package var name: String? { segments.last }

    /// The parent directory; the root is its own parent.
    package var parent: ArtifactPath { ArtifactPath(trusted: Array(segments.dropLast())) }

    /// The path `other`, relative to this path.
    package func appending(_ other: ArtifactPath) throws(ArtifactError) -> ArtifactPath {
        try Self.checkingLimits(segments + other.segments)
    }

    /// The path of an entry in this directory. The name isn't decoded.
    package func appending(name: String) throws(ArtifactError) -> ArtifactPath {
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 }) else {
            throw .invalidPath
        }
        return try Self.checkingLimits(segments + [name])
    }
}

extension ArtifactPath {
    private static func decode(_ encoded: String) throws(ArtifactError) -> [UInt8] {
        var bytes = Array(encoded.utf8)
        // An encoded byte takes three bytes, and two more for each further encoding.
        guard bytes.count <= maximumBytes * (1 + 2 * maximumDecodings) else { throw .invalidPath }
        for _ in 0..<maximumDecodings {
            let decoded = PercentEncoding.decode(bytes)
            if decoded.count == bytes.count { return bytes }
            bytes = decoded
        }
        throw .invalidPath
    }

    private static func parse(_ bytes: [UInt8]) throws(ArtifactError) -> ArtifactPath {
        guard !bytes.contains(where: isForbidden), !isAbsolute(bytes) else { throw .invalidPath }
        var segments: [String] = []
        for part in bytes.split(separator: UInt8(ascii: "/")) {
            guard let segment = String(validating: escapingControls(part), as: UTF8.self), segment != ".." else {
                throw .invalidPath
            }
            if segment != "." { segments.append(segment) }
        }
        // `./C:` becomes an absolute path when its dot is removed.
        guard !isAbsolute(segments.first.map { Array($0.utf8) } ?? []) else { throw .invalidPath }
        return try checkingLimits(segments)
    }

    private static func checkingLimits(_ segments: [String]) throws(ArtifactError) -> ArtifactPath {
        let bytes = segments.reduce(0) { $0 + $1.utf8.count + 1 }
        guard segments.count <= maximumSegments, bytes <= maximumBytes else { throw .invalidPath }
        return ArtifactPath(trusted: segments)
    }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        byte == 0 || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "\\")
    }

    /// Whether the path starts with a slash or a drive letter, or is a `file:` URI.
    private static func isAbsolute(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first else { return false }
        if first == UInt8(ascii: "/") { return true }
        let lowercased = bytes.prefix(5).map { $0 | 0x20 }
        if lowercased == Array("file:".utf8) { return true }
        let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased[0])
        return isLetter && bytes.dropFirst().first == UInt8(ascii: ":")
    }

    private static func escapingControls(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.flatMap { byte in
            byte < 0x20 || byte == 0x7F ? Array(("%" + Hex.encode([byte])).utf8) : [byte]
        }
    }
}

extension ArtifactPath: Hashable, CustomStringConvertible {
    /// The segments joined by slashes. Parsing it again yields the same path.
    package var description: String { segments.joined(separator: "/") }

    /// Compares bytes: canonically equivalent names are different files.
    package static func == (left: ArtifactPath, right: ArtifactPath) -> Bool {
        left.segments.elementsEqual(right.segments) { $0.utf8.elementsEqual($1.utf8) }
    }

    package func hash(into hasher: inout Hasher) {
        for segment in segments {
            for byte in segment.utf8 { hasher.combine(byte) }
            hasher.combine(UInt8(ascii: "/"))
        }
    }
}

internal import SignatureV4

/// A place in an artifact store, relative to its root, that is known to be safe: it can't lead out of the root.
///
/// All checks work on bytes: a slash with a combining mark is no slash to Swift's `Character`, but one to the storage.
package struct ArtifactPath: Sendable {
    /// The names from the root down; empty for the root. None is empty, `.` or `..`, and none holds a slash or a
    /// control character.
    package let segments: [String]

    /// The store's root.
    package static let root = ArtifactPath(trusted: [])

    /// More than any client needs, and little enough that walking down costs neither stack nor file descriptors.
    static let maximumSegments = 255
    /// Linux's PATH_MAX.
    static let maximumBytes = 4096
    /// MLflow decodes at most so often before it gives up.
    private static let maximumDecodings = 10

    private init(trusted segments: [String]) {
        self.segments = segments
    }

    /// Reads the path of a URL as it came over the wire, or the value of a query parameter (empty for the root).
    ///
    /// Percent-encoding is resolved until nothing changes, since proxies and clients encode once too often. What
    /// MLflow 3.17's `validate_path_is_safe` refuses on any platform is refused: `#`, `..`, absolute POSIX and Windows
    /// paths, backslashes, drive letters, `file:` URIs; and further `?`, NUL and invalid UTF-8. Another control
    /// character turns into the likes of `%0a`, as in MLflow. Empty segments, `.` and a trailing slash mean nothing.
    package init(_ encoded: String) throws(ArtifactError) {
        self = try Self.parse(try Self.decode(encoded))
    }

    /// Like ``init(_:)``, for a path that must name a file: not empty and without a slash at its end.
    package init(file encoded: String) throws(ArtifactError) {
        let bytes = try Self.decode(encoded)
        self = try Self.parse(bytes)
        let last = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? []
        guard !last.isEmpty, last != [UInt8(ascii: ".")] else {
            throw ArtifactError(.invalidPath, "Artifact path must include a filename (cannot end with '/').")
        }
    }

    /// The last segment; nil for the root.
    package var name: String? { segments.last }

    /// The directory that holds this; the root is its own.
    package var parent: ArtifactPath { ArtifactPath(trusted: Array(segments.dropLast())) }

    /// `other`, taken relative to this.
    package func appending(_ other: ArtifactPath) throws(ArtifactError) -> ArtifactPath {
        try Self.checkingLimits(segments + other.segments)
    }

    /// The entry `name` of a listing of this folder; the name is taken as it is.
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
        // A byte takes three when encoded once, and two more each further time.
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
        // `./C:` is one too once its dot is gone.
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

    /// A path from a root, or with a drive letter, or a `file:` URI.
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
            byte < 0x20 || byte == 0x7F ? Array(("%" + lowercaseHex([byte])).utf8) : [byte]
        }
    }
}

extension ArtifactPath: Hashable, CustomStringConvertible {
    /// The segments joined by slashes. Reading it again gives the same path.
    package var description: String { segments.joined(separator: "/") }

    /// By bytes: names that only Unicode's canonical equivalence makes equal are different files.
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

internal import SafeText

/// A location in S3, parsed from a URI. The same value is checked against the allowed roots and then opened.
package struct ArtifactLocation: Sendable, Hashable {
    /// The case-sensitive name of the bucket.
    package let bucket: String
    /// The path in the bucket, percent-decoded and without `..`.
    package let path: ArtifactPath

    /// Returns `nil` unless `uri` is a valid `s3:` URI: with a valid bucket, no query or fragment, and no `..` in any encoding.
    package init?(_ uri: String) {
        guard Self.isS3(uri) else { return nil }
        let parts = uri.utf8.dropFirst(5).split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let bucket = parts.first.map({ String(Substring($0)) }), !bucket.isEmpty, S3Location.isBucketName(bucket) else { return nil }
        let rest = parts.count > 1 ? String(Substring(parts[1])) : ""
        // Leading slashes are ignored, like multiple slashes within the path.
        guard let path = try? ArtifactPath(String(rest.drop { $0 == "/" })) else { return nil }
        self.bucket = bucket
        self.path = path
    }

    /// Whether a URI's scheme is `s3`. Schemes are case-insensitive (RFC 3986, section 3.1).
    package static func isS3(_ uri: String) -> Bool { uri.prefix(5).lowercased() == "s3://" }

    /// Parses a root from the configuration. Doesn't percent-decode it, as when the store itself is opened.
    fileprivate init?(root uri: String) {
        guard Self.isS3(uri), let location = try? S3Location(afterScheme: uri.dropFirst(5)) else { return nil }
        var path = ArtifactPath.root
        for name in location.keyPrefix.utf8.split(separator: UInt8(ascii: "/")) {
            guard let longer = try? path.appending(name: String(Substring(name))) else { return nil }
            path = longer
        }
        bucket = location.bucket
        self.path = path
    }

    /// The URI of the bucket, `s3://BUCKET`.
    package var bucketURI: String { "s3://\(bucket)" }
}

/// The locations for which a server may use its own credentials. It doesn't read, write, delete or sign URLs for anything outside them.
package struct ArtifactRoots: Sendable, Hashable {
    private let roots: [ArtifactLocation]

    /// - Parameter uris: locations in the format `s3://BUCKET/PREFIX`. Directories are accepted, such as a server's own destination, but
    ///   ignored: a client can't specify a location in a directory.
    /// - Throws: `ArtifactError` for anything else.
    package init(_ uris: [String]) throws(ArtifactError) {
        var roots: [ArtifactLocation] = []
        for uri in uris {
            if let root = ArtifactLocation(root: uri) {
                roots.append(root)
            } else if uri.isEmpty || uri.contains("://"), !uri.hasPrefix("file://") {
                throw ArtifactError(
                    .unsupported, "'\(Redaction.standard.redacted(uri))' is not an artifact root; it must be s3://BUCKET/PREFIX.")
            }
        }
        self.roots = roots
    }

    /// Whether a location is a root or inside one.
    package func contains(_ location: ArtifactLocation) -> Bool {
        roots.contains { root in
            root.bucket.utf8.elementsEqual(location.bucket.utf8) && root.path.contains(location.path)
        }
    }

    /// Whether a URI is a root or inside one; `false` if it can't be parsed.
    package func contains(_ uri: String) -> Bool { ArtifactLocation(uri).map { contains($0) } ?? false }
}

extension ArtifactPath {
    /// Whether `other` is this path or inside it. Compares whole segments, so `root` doesn't contain `root-evil`.
    func contains(_ other: ArtifactPath) -> Bool {
        // Compares bytes: canonically equivalent names are different keys in S3.
        segments.count <= other.segments.count && zip(segments, other.segments).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
}

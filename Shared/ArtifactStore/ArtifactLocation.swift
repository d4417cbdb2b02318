internal import SafeText

/// A location in S3, parsed from a URI. The same value is checked against the allowed roots and then opened.
package struct ArtifactLocation: Sendable, Hashable {
    /// The bucket's name; case-sensitive.
    package let bucket: String
    /// The path in the bucket, percent-decoded and without `..`.
    package let path: ArtifactPath

    /// `nil` unless `uri` is an `s3:` URI that can be opened: with a valid bucket, no query or fragment, and no `..` in any encoding.
    package init?(_ uri: String) {
        guard Self.isS3(uri) else { return nil }
        let parts = uri.utf8.dropFirst(5).split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let bucket = parts.first.map({ String(Substring($0)) }), !bucket.isEmpty, S3Location.isBucketName(bucket) else { return nil }
        let rest = parts.count > 1 ? String(Substring(parts[1])) : ""
        // Extra slashes at the start are ignored, like those within the path.
        guard let path = try? ArtifactPath(String(rest.drop { $0 == "/" })) else { return nil }
        self.bucket = bucket
        self.path = path
    }

    /// Whether a URI's scheme is `s3`; schemes are case-insensitive (RFC 3986, section 3.1).
    package static func isS3(_ uri: String) -> Bool { uri.prefix(5).lowercased() == "s3://" }

    /// Parses a root as its operator writes it. Nothing is percent-decoded, just as when the store itself is opened.
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

    /// The bucket's own URI, `s3://BUCKET`.
    package var bucketURI: String { "s3://\(bucket)" }
}

/// The locations where a server may use its own credentials. It doesn't read, write, delete or sign URLs for anything outside of them.
package struct ArtifactRoots: Sendable, Hashable {
    private let roots: [ArtifactLocation]

    /// - Parameter uris: locations of the form `s3://BUCKET/PREFIX`. Folders are accepted, for instance as a server's own destination, but
    ///   allow nothing here: a client can't name a location in a folder.
    /// - Throws: `ArtifactError` for anything else.
    package init(_ uris: [String]) throws(ArtifactError) {
        var roots: [ArtifactLocation] = []
        for uri in uris {
            if let root = ArtifactLocation(root: uri) {
                roots.append(root)
            } else if uri.isEmpty || uri.contains("://"), !uri.hasPrefix("file://") {
                throw ArtifactError(.unsupported, "'\(Redaction.standard.redacted(uri))' is not an artifact root: s3://BUCKET/PREFIX is expected")
            }
        }
        self.roots = roots
    }

    /// Whether a location is a root or lies below one.
    package func contains(_ location: ArtifactLocation) -> Bool {
        roots.contains { root in
            root.bucket.utf8.elementsEqual(location.bucket.utf8) && root.path.contains(location.path)
        }
    }

    /// Whether a URI names a root or a location below one; `false` if it can't be parsed.
    package func contains(_ uri: String) -> Bool { ArtifactLocation(uri).map { contains($0) } ?? false }
}

extension ArtifactPath {
    /// Whether `other` is this path or below it. Compares whole segments, so `root` doesn't contain `root-evil`.
    func contains(_ other: ArtifactPath) -> Bool {
        // By bytes: canonically equivalent names are different keys in S3.
        segments.count <= other.segments.count && zip(segments, other.segments).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
}

internal import SafeText

/// A place in an S3 bucket as a URI names it, read the way in which it is opened: what is checked is what is used.
package struct ArtifactLocation: Sendable, Hashable {
    /// The bucket's name, whose case matters.
    package let bucket: String
    /// The place in the bucket, without a way up and without percent-encoding.
    package let path: ArtifactPath

    /// `nil` for what is no `s3:` URI, or none that can be opened: one without a bucket, with a query, or with `..` in its path, in
    /// whatever encoding.
    package init?(_ uri: String) {
        guard Self.isS3(uri) else { return nil }
        let parts = uri.utf8.dropFirst(5).split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let bucket = parts.first.map({ String(Substring($0)) }), !bucket.isEmpty, S3Location.isBucketName(bucket) else { return nil }
        let rest = parts.count > 1 ? String(Substring(parts[1])) : ""
        // Further slashes at the beginning mean nothing to S3's clients here, as those within the path.
        guard let path = try? ArtifactPath(String(rest.drop { $0 == "/" })) else { return nil }
        self.bucket = bucket
        self.path = path
    }

    /// Whether a URI has this scheme, which doesn't mind the case (RFC 3986, section 3.1).
    package static func isS3(_ uri: String) -> Bool { uri.prefix(5).lowercased() == "s3://" }

    /// A root as its operator writes it. As for the store that is opened there, nothing in it is decoded.
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

/// The places in which a server uses its own credentials: what lies in none of them it neither reads nor writes, deletes or signs.
package struct ArtifactRoots: Sendable, Hashable {
    private let roots: [ArtifactLocation]

    /// - Parameter uris: `s3://BUCKET/PREFIX` each. Folders may be among them, but allow nothing: whatever a client names, no file of
    ///   this machine is read or written but below the service's own destination.
    /// - Throws: `ArtifactError` for what is neither.
    package init(_ uris: [String]) throws(ArtifactError) {
        var roots: [ArtifactLocation] = []
        for uri in uris {
            if let root = ArtifactLocation(root: uri) {
                roots.append(root)
            } else if uri.isEmpty || uri.contains("://"), !uri.hasPrefix("file://") {
                throw ArtifactError(.unsupported, "'\(Redaction.standard.redacted(uri))' is no artifact root: s3://BUCKET/PREFIX is expected")
            }
        }
        self.roots = roots
    }

    /// Whether a place is one of the roots or below one.
    package func contains(_ location: ArtifactLocation) -> Bool {
        roots.contains { root in
            root.bucket.utf8.elementsEqual(location.bucket.utf8) && root.path.contains(location.path)
        }
    }

    /// Whether a URI names a place that is one of the roots or below one; one that can't be read does not.
    package func contains(_ uri: String) -> Bool { ArtifactLocation(uri).map { contains($0) } ?? false }
}

extension ArtifactPath {
    /// Whether `other` is this place or below it: name by name, so `root` doesn't contain `root-evil`.
    func contains(_ other: ArtifactPath) -> Bool {
        // By bytes: names that only Unicode's canonical equivalence makes equal are different keys.
        segments.count <= other.segments.count && zip(segments, other.segments).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
}

internal import SafeText

/// The location of an `s3://bucket/prefix` URI: a bucket and a key prefix.
struct S3Location: Sendable, Hashable {
    let bucket: String
    /// The prefix of all keys; empty or ending with a slash.
    let keyPrefix: String

    /// - Parameter rest: the URI without `s3://`. As in MLflow, it isn't percent-decoded.
    init(afterScheme rest: Substring) throws(ArtifactError) {
        let uri = Redaction.standard.redacted("s3://\(rest)")
        let parts = rest.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        guard let bucket = parts.first, rest.utf8.first != UInt8(ascii: "/"), Self.isBucketName(bucket) else {
            throw ArtifactError(.unsupported, "'\(uri)' has no valid bucket; it must be s3://BUCKET/PREFIX.")
        }
        guard !rest.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            throw ArtifactError(.unsupported, "'\(uri)' must not have a query or a fragment.")
        }
        self.bucket = bucket
        keyPrefix = parts.dropFirst().map { $0 + "/" }.joined()
    }

    /// The key of the object at `path`.
    func key(_ path: ArtifactPath) -> String { keyPrefix + path.description }

    /// The prefix of all keys in the directory at `path`.
    func prefix(_ path: ArtifactPath) -> String {
        path.segments.isEmpty ? keyPrefix : key(path) + "/"
    }

    /// Whether a bucket name is valid by Amazon's rules or the looser ones of other implementations (capitals, underscores, more than 63
    /// characters). Excludes everything that could change a URL that contains the name.
    static func isBucketName(_ name: String) -> Bool {
        name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        } && name != "." && name != ".."
    }
}

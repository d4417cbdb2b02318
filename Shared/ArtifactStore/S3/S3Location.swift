internal import SafeText

/// What an `s3://bucket/prefix` URI names: a bucket, and the beginning that all keys in it share.
struct S3Location: Sendable, Hashable {
    let bucket: String
    /// Empty, or ending in a slash.
    let keyPrefix: String

    /// `rest` is what follows `s3://`. As in MLflow, nothing in it is percent-decoded.
    init(afterScheme rest: Substring) throws(ArtifactError) {
        let uri = Redaction.standard.redacted("s3://\(rest)")
        let parts = rest.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        guard let bucket = parts.first, rest.utf8.first != UInt8(ascii: "/"), Self.isBucketName(bucket) else {
            throw ArtifactError(.unsupported, "'\(uri)' names no bucket: s3://BUCKET/PREFIX is expected")
        }
        guard !rest.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            throw ArtifactError(.unsupported, "'\(uri)' has a query or a fragment, which mean nothing there")
        }
        self.bucket = bucket
        keyPrefix = parts.dropFirst().map { $0 + "/" }.joined()
    }

    /// The key of the object at `path`.
    func key(_ path: ArtifactPath) -> String { keyPrefix + path.description }

    /// What the keys of everything in the directory at `path` begin with.
    func prefix(_ path: ArtifactPath) -> String {
        path.segments.isEmpty ? keyPrefix : key(path) + "/"
    }

    /// Amazon's rules and the looser ones of other makers (capitals, underscores, more than 63 characters): nothing
    /// that could change the URL that a name is put into.
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

internal import Primitives
internal import SignatureV4

/// The endpoint of a bucket.
struct S3Endpoint: Sendable, Hashable {
    /// `http` or `https`.
    let scheme: String
    /// The value of the `Host` header: with the port unless it is the scheme's default.
    let host: String
    /// The path before an object's key: `/`, or `/bucket/` if the bucket isn't part of the host.
    let basePath: String

    /// - Parameter environment: `MLFLOW_S3_ENDPOINT_URL`, `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` for a compatible storage, with the
    ///   bucket in the path unless `MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE` (`path`, `virtual` or `auto`) overrides it.
    init(bucket: String, region: String, environment: [String: String]) throws(ArtifactError) {
        let names = ["MLFLOW_S3_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]
        let custom = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        let (scheme, authority, path) = try custom.map(Self.split) ?? ("https", Self.amazonHost(region), "/")

        let bucketInHost =
            switch environment["MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE"] {
            case "path": false
            case "virtual": true
            default: custom == nil && Self.canBeHostLabel(bucket)
            }
        self.scheme = scheme
        host = bucketInHost ? bucket + "." + authority : authority
        basePath = bucketInHost ? path : path + bucket + "/"
    }

    /// The request path of an object, or of the bucket itself if `key` is empty.
    func path(key: String) -> String {
        if key.isEmpty, basePath != "/" { return String(basePath.dropLast()) }
        return basePath + PercentEncoding.encode(key, keepingSlashes: true)
    }

    private static func amazonHost(_ region: String) -> String {
        "s3.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
    }

    /// Whether the bucket can be part of the host. A name with a dot doesn't match the certificate; capitals aren't allowed in a host.
    private static func canBeHostLabel(_ bucket: String) -> Bool {
        bucket.utf8.count <= 63
            && bucket.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    private static func split(_ url: String) throws(ArtifactError) -> (scheme: String, host: String, path: String) {
        for (scheme, port) in [("http", ":80"), ("https", ":443")] where url.hasPrefix(scheme + "://") {
            let rest = url.dropFirst(scheme.count + 3)
            var host = String(rest.prefix { $0 != "/" }).lowercased()
            if host.hasSuffix(port) { host.removeLast(port.count) }
            let path = rest.drop { $0 != "/" }.split(separator: "/").map { "/" + $0 }.joined() + "/"
            guard !host.isEmpty, !url.contains(where: { "@?#".contains($0) || $0.isWhitespace }) else { break }
            return (scheme, host, path)
        }
        throw ArtifactError(.unsupported, "The S3 endpoint '\(url)' is not a URL in the format http(s)://HOST:PORT.")
    }
}

package import AsyncHTTPClient
package import FoundationEssentials
package import Logging
package import NIOPosix
internal import Primitives
internal import SafeText
internal import SignatureV4

/// Opens the store at `uri`: a directory as a path (absolute or relative to the working directory) or as `file:///PATH`, or
/// `s3://BUCKET/PREFIX`.
///
/// Blocks while it creates the directory or reads AWS's files; call it at startup. Throws an ``ArtifactError`` with a message for the
/// operator.
///
/// - Parameters:
///   - environment: the process's environment. See ``S3ArtifactStore`` for the variables.
///   - threads: the threads for blocking file I/O. Must outlive the store.
///   - httpClient: the client for S3; `nil` to create one. See ``S3ArtifactStore``.
package func openArtifactStore(
    uri: String, environment: [String: String], threads: NIOThreadPool = .singleton, httpClient: HTTPClient? = nil,
    retries: RetryPolicy = RetryPolicy(), now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
) throws(ArtifactError) -> any ArtifactStore {
    guard !uri.isEmpty else { throw unsupportedURI(uri) }
    switch scheme(of: uri) {
    case nil:
        return try LocalArtifactStore(root: uri, threads: threads)
    case "file":
        return try LocalArtifactStore(root: try path(ofFileURI: uri), threads: threads)
    case "s3":
        return try S3ArtifactStore(
            uri: uri, environment: environment, httpClient: httpClient, retries: retries, now: now, logger: logger)
    default:
        throw unsupportedURI(uri)
    }
}

private func unsupportedURI(_ uri: String) -> ArtifactError {
    ArtifactError(
        .unsupported,
        "'\(Redaction.standard.redacted(uri))' is not an artifact location; it must be a path, file:///PATH or s3://BUCKET/PREFIX.")
}

/// The URI's scheme in lower case (RFC 3986, section 3.1); `nil` if it has none.
private func scheme(of uri: String) -> String? {
    guard let colon = uri.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = uri[..<colon].lowercased()
    let isScheme = name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
    return isScheme && !name.isEmpty ? name : nil
}

/// The decoded path of `file:/PATH`, `file:///PATH` or `file://localhost/PATH`.
private func path(ofFileURI uri: String) throws(ArtifactError) -> String {
    var rest = uri.utf8.dropFirst("file:".utf8.count)
    if rest.starts(with: "//localhost/".utf8) {
        rest = rest.dropFirst("//localhost".utf8.count)
    } else if rest.starts(with: "//".utf8) {
        rest = rest.dropFirst(2)
    }
    guard rest.first == UInt8(ascii: "/"), !rest.contains(UInt8(ascii: "?")), !rest.contains(UInt8(ascii: "#")),
        let path = String(validating: PercentEncoding.decode(Array(rest)), as: UTF8.self), !path.utf8.contains(0)
    else { throw unsupportedURI(uri) }
    return path
}

package import AsyncHTTPClient
package import FoundationEssentials
package import Logging
package import NIOCore
import NIOHTTP1
internal import SignatureV4

/// A store for artifacts as objects in a bucket of S3 or a compatible storage.
///
/// Directories are key prefixes that end with a slash: there are no empty ones, and deleting the last file removes its directory.
package struct S3ArtifactStore: ArtifactStore {
    let location: S3Location
    let client: S3Client
    let uploadOptions: S3UploadOptions
    private let ownsHTTPClient: Bool

    /// - Parameters:
    ///   - uri: `s3://BUCKET/PREFIX`.
    ///   - environment: the variables of ``AWSSettings``, and `MLFLOW_S3_ENDPOINT_URL`, `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`,
    ///     `MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE`, `MLFLOW_S3_UPLOAD_EXTRA_ARGS` and `MLFLOW_S3_EXPECTED_BUCKET_OWNER`.
    ///   - httpClient: a client that doesn't follow redirects or decompress, and outlives the store; `nil` to create one, which
    ///     ``shutdown()`` closes.
    ///   - now: the current time, for signatures.
    package init(
        uri: String, environment: [String: String], httpClient: HTTPClient? = nil, retries: RetryPolicy = RetryPolicy(),
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) throws(ArtifactError) {
        guard uri.hasPrefix("s3://") else { throw ArtifactError(.unsupported, "'\(uri)' is not an s3:// URI.") }
        location = try S3Location(afterScheme: uri.dropFirst("s3://".count))
        uploadOptions = try S3UploadOptions(environment: environment)
        let settings = try AWSSettings(environment: environment)
        let owner = environment["MLFLOW_S3_EXPECTED_BUCKET_OWNER"].flatMap { $0.isEmpty ? nil : $0 }
        ownsHTTPClient = httpClient == nil
        client = S3Client(
            endpoint: try S3Endpoint(bucket: location.bucket, region: settings.region, environment: environment),
            signer: SignatureV4(
                credentials: settings.credentials, region: settings.region, service: "s3", pathStyle: .singleEncoded),
            commonHeaders: owner.map { [(name: "x-amz-expected-bucket-owner", value: $0)] } ?? [],
            http: httpClient ?? HTTPClient(configuration: S3Client.httpConfiguration),
            retries: retries, now: now, logger: logger)
    }

    package func shutdown() async throws {
        if ownsHTTPClient { try await client.http.shutdown() }
    }

    package var directTransfer: (any DirectTransfer)? { self }

    package func list(_ directory: ArtifactPath) async throws -> [ArtifactInfo] {
        let prefix = location.prefix(directory)
        return try await translatingErrors(at: directory) {
            var artifacts: [ArtifactInfo] = []
            try await client.forEachPage(prefix: prefix, isFlat: false) { page in
                for directory in page.directories {
                    if let name = Self.name(of: directory.utf8.dropLast(), under: prefix) {
                        artifacts.append(ArtifactInfo(name: name, kind: .directory))
                    }
                }
                for object in page.objects {
                    if let name = Self.name(of: object.key.utf8[...], under: prefix) {
                        artifacts.append(ArtifactInfo(name: name, kind: .file(size: object.size)))
                    }
                }
            }
            return artifacts.sortedByName()
        }
    }

    package func read(_ path: ArtifactPath, range: ByteRange?) async throws -> ArtifactContent {
        guard !path.segments.isEmpty else { throw ArtifactError.isDirectory(path) }
        let key = location.key(path)
        var request = S3Request(method: .GET, key: key)
        if let range { request.headers.append((name: "range", value: range.headerValue)) }
        return try await translatingReadErrors(at: path) {
            let response = try await client.send(request) { $0 }
            guard let part = ContentRange(response.status, response.headers) else {
                throw ArtifactError(.unavailable, "S3 didn't return the size of the artifact.")
            }
            let chunks = ObjectChunks(
                client: client, key: key, etag: response.headers.first(name: "etag"), range: part.range,
                response: response)
            return ArtifactContent(size: part.size, range: part.range, body: ArtifactBody(chunks))
        }
    }

    package func write<Body: AsyncSequence & Sendable>(
        _ path: ArtifactPath, size: Int64?, body: Body
    ) async throws where Body.Element == ByteBuffer {
        guard !path.segments.isEmpty else { throw ArtifactError.isDirectory(path) }
        let upload = S3Upload(
            client: client, key: location.key(path), headers: uploadOptions.headers, size: size)
        try await translatingErrors(at: path) { try await upload.send(body) }
    }

    package func delete(_ path: ArtifactPath) async throws {
        guard !path.segments.isEmpty else { throw ArtifactError.cannotDeleteRoot() }
        try await translatingErrors(at: path) {
            try await client.delete([location.key(path)])
            try await deleteAll(under: path)
        }
    }

    package func deleteEverything() async throws {
        try await translatingErrors(at: .root) { try await deleteAll(under: .root) }
    }

    package func checkReachable() async throws {
        try await translatingErrors(at: .root) {
            _ = try await client.page(prefix: location.keyPrefix, isFlat: true, limit: 1)
        }
    }
}

extension S3ArtifactStore {
    private func deleteAll(under directory: ArtifactPath) async throws {
        try await client.forEachPage(prefix: location.prefix(directory), isFlat: true) { page in
            try await client.delete(page.objects.map(\.key))
        }
    }

    /// Runs `work` and converts S3's errors to errors about the artifact at `path`. Rethrows other errors unchanged.
    func translatingErrors<Result>(at path: ArtifactPath, _ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let failure as S3Error {
            throw ArtifactError(failure, at: path)
        }
    }

    /// Like ``translatingErrors(at:_:)``, but distinguishes a directory from a missing file.
    func translatingReadErrors<Result>(at path: ArtifactPath, _ work: () async throws -> Result) async throws -> Result {
        do {
            return try await translatingErrors(at: path, work)
        } catch let error as ArtifactError where error.code == .notFound {
            let below = try await translatingErrors(at: path) {
                try await client.page(prefix: location.prefix(path), isFlat: true, limit: 1)
            }
            throw below.objects.isEmpty ? error : ArtifactError.isDirectory(path, cause: error)
        }
    }

    /// The name of a key, without a directory's slash, in the directory `prefix`; `nil` for keys that no path can address: directory
    /// markers and empty or dot segments.
    private static func name(of key: Substring.UTF8View, under prefix: String) -> String? {
        guard key.starts(with: prefix.utf8) else { return nil }
        let name = String(Substring(key.dropFirst(prefix.utf8.count)))
        return name.isEmpty || name == "." || name == ".." || name.utf8.contains(UInt8(ascii: "/")) ? nil : name
    }
}

/// The range of an object in a response, from its status and headers.
private struct ContentRange {
    let size: Int64
    let range: Range<Int64>

    init?(_ status: HTTPResponseStatus, _ headers: HTTPHeaders) {
        if status == .partialContent {
            // `bytes FIRST-LAST/SIZE`
            let numbers =
                headers.first(name: "content-range")?.dropFirst("bytes ".count)
                .split { $0 == "-" || $0 == "/" }.compactMap { Int64($0) } ?? []
            guard numbers.count == 3, 0 <= numbers[0], numbers[0] <= numbers[1], numbers[1] < numbers[2] else {
                return nil
            }
            (size, range) = (numbers[2], numbers[0]..<(numbers[1] + 1))
        } else {
            guard let length = headers.first(name: "content-length").flatMap({ Int64($0) }), length >= 0 else {
                return nil
            }
            (size, range) = (length, 0..<length)
        }
    }
}

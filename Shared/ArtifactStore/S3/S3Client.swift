import AsyncHTTPClient
import FoundationEssentials
import Hashing
import Logging
import NIOCore
import NIOHTTP1
internal import Primitives
internal import SignatureV4

/// A request to a bucket.
struct S3Request: Sendable {
    var method: HTTPMethod
    /// The key of the object; empty for the bucket itself.
    var key: String
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body = ByteBatch()
}

/// Signs and sends requests to one bucket, and retries transient failures.
///
/// Every payload is signed, so that S3 verifies its integrity. Payloads are in memory anyway, for retries.
struct S3Client: Sendable {
    let endpoint: S3Endpoint
    let signer: SignatureV4
    /// Headers for all requests, such as `x-amz-expected-bucket-owner`.
    let commonHeaders: [(name: String, value: String)]
    let http: HTTPClient
    let retries: RetryPolicy
    let now: @Sendable () -> Date
    let logger: Logger

    /// The timeout for the header of a response. AWS's own tools wait 60 s for a byte, but completing a multipart upload may take longer.
    private static let responseTimeout = TimeAmount.minutes(5)
    /// The maximum size of an XML document in bytes: more than a page of the longest keys, percent-encoded.
    private static let maxDocumentBytes = 8 * 1024 * 1024

    private static let transientErrors: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .readTimeout, .writeTimeout, .deadlineExceeded,
        .getConnectionFromPoolTimeout, .remoteConnectionClosed, .uncleanShutdown,
    ]

    /// A response that is neither the requested document nor an error.
    private struct UnexpectedDocument: Error {
        let rootName: String
    }

    /// The HTTP configuration for S3: no redirects, because the signature would be invalid, and no decompression.
    static var httpConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: .seconds(60), write: .seconds(60)))
        configuration.httpVersion = .http1Only
        // `RetryPolicy` handles retries.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        return configuration
    }

    /// Sends `s3Request` and passes a 2xx response to `handle`, which may be called several times.
    ///
    /// Throws ``S3Error`` for any other status, and ``ArtifactError`` `unavailable` when there is no response.
    func send<Result: Sendable>(
        _ s3Request: S3Request, _ handle: @Sendable (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        // Hashing megabytes would block the caller's event loop.
        let payloadHash = await withTaskExecutorPreference(globalConcurrentExecutor) { Self.hash(s3Request.body) }
        do {
            return try await retries.run(isTransient: isTransient) {
                let response = try await execute(s3Request, payloadHash: payloadHash)
                guard (200..<300).contains(response.status.code) else {
                    let document = try? await Self.document(response)
                    throw S3Error(status: response.status, headers: response.headers, document: document)
                }
                return try await handle(response)
            }
        } catch {
            throw translate(error)
        }
    }

    /// Converts connection errors to ``ArtifactError``. Returns more specific errors unchanged.
    func translate(_ error: any Error) -> any Error {
        switch error {
        case is S3Error, is ArtifactError, is CancellationError:
            error
        case let error as HTTPClientError where error == .cancelled && Task.isCancelled:
            CancellationError()
        case is XMLNode.ParseError, is UnexpectedDocument, is NIOTooManyBytesError:
            ArtifactError(.unavailable, "S3 returned an invalid response.", cause: error)
        default:
            ArtifactError(.unavailable, "S3 can't be reached, or the connection was lost.", cause: error)
        }
    }

    /// Sends `s3Request` and parses the response, an XML document with the root `rootName` (`nil` to accept any, because implementations
    /// differ).
    ///
    /// S3 may fail after it has sent the status 200. Such a response has the root `Error` and is thrown as an ``S3Error``.
    func document(_ s3Request: S3Request, rootName: String?) async throws -> XMLNode {
        try await send(s3Request) { response in
            let document = try await Self.document(response)
            if document.name == "Error" {
                throw S3Error(status: response.status, headers: response.headers, document: document)
            }
            guard rootName == nil || document.name == rootName else {
                throw UnexpectedDocument(rootName: document.name)
            }
            return document
        }
    }

    /// Sends `s3Request` and returns the response's headers.
    @discardableResult
    func headers(_ s3Request: S3Request) async throws -> HTTPHeaders {
        try await send(s3Request) { response in
            // Read to the end, so that the connection can be reused.
            for try await _ in response.body {}
            return response.headers
        }
    }

    /// A presigned URL that allows anyone to send `s3Request` for `lifetime` seconds. Its headers must be sent; the body isn't signed.
    func presign(_ s3Request: S3Request, lifetime: Int) -> String {
        // Clients don't know the common headers, but S3 also accepts them in the query.
        let request = SignatureV4.Request(
            method: s3Request.method.rawValue, path: endpoint.path(key: s3Request.key), query: s3Request.query + commonHeaders,
            headers: [(name: "host", value: endpoint.host)] + s3Request.headers)
        return url(request, query: signer.presignedQuery(for: request, lifetime: lifetime, at: seconds))
    }

    /// Whether a retry may succeed: after an overloaded server or a lost connection.
    ///
    /// Logs transient errors, because they aren't visible when a retry succeeds.
    func isTransient(_ error: any Error) -> Bool {
        let isTransient =
            switch error {
            case let failure as S3Error: failure.isTransient
            case let error as HTTPClientError: Self.transientErrors.contains(error)
            case is ArtifactError, is CancellationError: false
            case is XMLNode.ParseError, is UnexpectedDocument, is NIOTooManyBytesError: false
            // Errors of sockets, name resolution, TLS or HTTP.
            default: true
            }
        if isTransient { logger.debug("S3 request failed and may be retried", metadata: ["error": "\(error)"]) }
        return isTransient
    }
}

extension S3Client {
    private func execute(_ s3Request: S3Request, payloadHash: String) async throws -> HTTPClientResponse {
        var request = SignatureV4.Request(
            method: s3Request.method.rawValue, path: endpoint.path(key: s3Request.key), query: s3Request.query,
            headers: [(name: "host", value: endpoint.host), (name: "x-amz-content-sha256", value: payloadHash)])
        request.headers += commonHeaders + s3Request.headers
        request.headers += signer.headers(signing: request, payloadHash: payloadHash, at: seconds)

        var http = HTTPClientRequest(url: url(request, query: request.encodedQuery))
        http.method = s3Request.method
        http.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if s3Request.body.count > 0 {
            http.body = .stream(s3Request.body, length: .known(Int64(s3Request.body.count)))
        } else if s3Request.method == .PUT || s3Request.method == .POST {
            http.body = .bytes(ByteBuffer())
        }
        return try await self.http.execute(http, timeout: Self.responseTimeout)
    }

    /// The current time in seconds since 1970.
    private var seconds: Int64 { Int64(now().timeIntervalSince1970) }

    private func url(_ request: SignatureV4.Request, query: String) -> String {
        "\(endpoint.scheme)://\(endpoint.host)\(request.path)" + (query.isEmpty ? "" : "?" + query)
    }

    static func document(_ response: HTTPClientResponse) async throws -> XMLNode {
        let body = try await response.body.collect(upTo: maxDocumentBytes)
        return try XMLNode(parsing: body.readableBytesView)
    }

    private static func hash(_ body: ByteBatch) -> String {
        var hasher = SHA256()
        for chunk in body.chunks { hasher.update(chunk.readableBytesView) }
        return Hex.encode(hasher.finalized())
    }
}

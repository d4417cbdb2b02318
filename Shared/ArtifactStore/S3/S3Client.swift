import AsyncHTTPClient
import Crypto
import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1
internal import SignatureV4

/// One request to a bucket.
struct S3Request: Sendable {
    var method: HTTPMethod
    /// Empty for the bucket itself.
    var key: String
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body = ByteBatch()
}

/// Signs and sends requests to one bucket, again where that may help.
///
/// Every payload is signed: it is in memory anyway, for being sent again, and so S3 checks that it arrived as it was.
struct S3Client: Sendable {
    let endpoint: S3Endpoint
    let signer: SignatureV4
    /// Sent with every request: `x-amz-expected-bucket-owner`.
    let commonHeaders: [(name: String, value: String)]
    let http: HTTPClient
    let retries: RetryPolicy
    let now: @Sendable () -> Date
    let logger: Logger

    /// Until the head of a response; AWS's own tools wait 60 s for a byte, a completed multipart upload may take longer.
    private static let responseTimeout = TimeAmount.minutes(5)
    /// A page of a listing, its keys at their longest and percent-encoded, is below this.
    private static let maxDocumentBytes = 8 * 1024 * 1024

    private static let transientErrors: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .readTimeout, .writeTimeout, .deadlineExceeded,
        .getConnectionFromPoolTimeout, .remoteConnectionClosed, .uncleanShutdown,
    ]

    /// A response that is neither what was asked for nor an error.
    private struct UnexpectedDocument: Error {
        let rootName: String
    }

    /// How connections to S3 are made: no redirects, which signatures don't survive, and no decompression.
    static var httpConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: .seconds(60), write: .seconds(60)))
        configuration.httpVersion = .http1Only
        // Retrying is up to `RetryPolicy`.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        return configuration
    }

    /// Sends `s3Request` and hands its response of a 2xx status to `handle`, which may run several times.
    ///
    /// Throws ``S3Error`` for any other status, an `unavailable` ``ArtifactError`` when there is no response.
    func send<Result: Sendable>(
        _ s3Request: S3Request, _ handle: @Sendable (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        // A part has megabytes, which would hold up all connections of the caller's thread.
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

    /// A broken connection as an ``ArtifactError``; what says more stays as it is.
    func translate(_ error: any Error) -> any Error {
        switch error {
        case is S3Error, is ArtifactError, is CancellationError:
            error
        case let error as HTTPClientError where error == .cancelled && Task.isCancelled:
            CancellationError()
        case is XMLNode.ParseError, is UnexpectedDocument, is NIOTooManyBytesError:
            ArtifactError(.unavailable, "S3's answer makes no sense", cause: error)
        default:
            ArtifactError(.unavailable, "S3 can't be reached, or the connection broke", cause: error)
        }
    }

    /// Sends `s3Request` and reads its response, an XML document whose root is `rootName` (nil where makers differ).
    ///
    /// S3 may find out after the head of a 200 that it failed; such a response has the root `Error` and is an
    /// ``S3Error``.
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

    /// Sends `s3Request` for its headers.
    @discardableResult
    func headers(_ s3Request: S3Request) async throws -> HTTPHeaders {
        try await send(s3Request) { response in
            // Read to its end, so that the connection can be used again.
            for try await _ in response.body {}
            return response.headers
        }
    }

    /// A URL with which anyone may make `s3Request` for `lifetime` seconds. Its headers must be sent, its body is free.
    func presign(_ s3Request: S3Request, lifetime: Int) -> String {
        // Who uses the URL doesn't know of the common headers, but S3 takes them from the query too.
        let request = SignatureV4.Request(
            method: s3Request.method.rawValue, path: endpoint.path(key: s3Request.key), query: s3Request.query + commonHeaders,
            headers: [(name: "host", value: endpoint.host)] + s3Request.headers)
        return url(request, query: signer.presignedQuery(for: request, lifetime: lifetime, at: seconds))
    }

    /// Whether what went wrong may go well the next time: an overloaded server or a lost connection.
    ///
    /// Logs what is, since nobody sees an error that a further attempt makes up for.
    func isTransient(_ error: any Error) -> Bool {
        let isTransient =
            switch error {
            case let failure as S3Error: failure.isTransient
            case let error as HTTPClientError: Self.transientErrors.contains(error)
            case is ArtifactError, is CancellationError: false
            case is XMLNode.ParseError, is UnexpectedDocument, is NIOTooManyBytesError: false
            // A socket, name resolution, TLS or HTTP that broke.
            default: true
            }
        if isTransient { logger.debug("S3 request failed, may be sent again", metadata: ["error": "\(error)"]) }
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

    /// The time, in seconds since 1970.
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
        for chunk in body.chunks { chunk.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) } }
        return lowercaseHex(hasher.finalize())
    }
}

import ArtifactStore
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// The S3 store with failures of S3 or the network.
@Suite struct S3RetryTests {
    let pauses = Pauses()

    private func withStore<Result>(
        environment: [String: String] = [:], _ script: @escaping ScriptedServer.Script,
        _ body: (any ArtifactStore, ScriptedServer) async throws -> Result
    ) async throws -> Result {
        try await ScriptedServer.run(script) { server, url in
            let base = [
                "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
                "AWS_ENDPOINT_URL": url,
            ]
            let store = try openArtifactStore(
                uri: "s3://bucket/runs", environment: base.merging(environment) { $1 }, retries: pauses.policy,
                now: { Date(timeIntervalSince1970: 1_440_938_160) }, logger: .quiet)
            do {
                let result = try await body(store, server)
                try await store.shutdown()
                return result
            } catch {
                try await store.shutdown()
                throw error
            }
        }
    }

    private static let listing = ScriptedServer.Response.full(
        .ok, body: "<ListBucketResult><Contents><Key>runs/a</Key><Size>1</Size></Contents></ListBucketResult>")

    private static func failure(_ status: HTTPResponseStatus, _ code: String) -> ScriptedServer.Response {
        .full(status, body: "<Error><Code>\(code)</Code><Message>as scripted</Message></Error>")
    }

    @Test func `Requests to an overloaded S3 are retried after growing pauses`() async throws {
        let script: ScriptedServer.Script = { _, index in
            [
                Self.failure(.serviceUnavailable, "SlowDown"), Self.failure(.internalServerError, "InternalError"),
                Self.failure(.badRequest, "RequestTimeout"), Self.listing,
            ][index]
        }
        try await withStore(script) { store, server in
            let names = try await store.list(.root).map(\.name)
            #expect(names == ["a"])
            #expect(server.requests.count == 4)
            #expect(pauses.all == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
        }
    }

    @Test func `After a lost connection, the request is sent again with its body`() async throws {
        try await withStore({ _, index in index == 0 ? .none : .full(.ok) }) { store, server in
            try await store.write(ArtifactPath("a"), "the body")
            #expect(server.requests.map { String(buffer: $0.body) } == ["the body", "the body"])
            #expect(server.requests.map(\.method) == [.PUT, .PUT])
        }
    }

    @Test func `Retries are limited`() async throws {
        try await withStore({ _, _ in .none }) { store, server in
            let failure = try await code { _ = try await store.list(.root) }
            #expect(failure == .unavailable)
            #expect(pauses.all.count == 3)
        }
    }

    @Test func `A store that refuses connections is unavailable`() async throws {
        let store = try openArtifactStore(
            uri: "s3://bucket",
            environment: [
                "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
            ], retries: pauses.policy, logger: .quiet)
        let failure = try await code { try await store.checkReachable() }
        #expect(failure == .unavailable)
        try await store.shutdown()
    }

    @Test(arguments: [
        (HTTPResponseStatus.forbidden, "AccessDenied", ArtifactError.Code.permissionDenied),
        (.badRequest, "ExpiredToken", .permissionDenied), (.notFound, "NoSuchBucket", .unavailable),
        (.movedPermanently, "PermanentRedirect", .unavailable), (.badRequest, "KeyTooLongError", .invalidPath),
        (.insufficientStorage, "", .outOfSpace), (.badRequest, "InvalidRequest", .unavailable),
    ])
    func `Requests that S3 rejects aren't retried`(
        status: HTTPResponseStatus, name: String, expected: ArtifactError.Code
    ) async throws {
        try await withStore({ _, _ in Self.failure(status, name) }) { store, server in
            let refusal = try await code { try await store.write(ArtifactPath("a"), "x") }
            #expect(refusal == expected)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `Completing a missing upload fails, and aborting it succeeds`() async throws {
        try await withStore({ _, _ in Self.failure(.notFound, "NoSuchUpload") }) { store, _ in
            let transfer = try #require(store.directTransfer)
            let path = try ArtifactPath("a")
            let refusal = try await code {
                try await transfer.completeMultipartUpload(
                    path, uploadID: "u", parts: [UploadedPart(number: 1, etag: "e")])
            }
            #expect(refusal == .notFound)
            try await transfer.abortMultipartUpload(path, uploadID: "u")
        }
    }

    @Test func `A response that isn't S3's doesn't become an empty listing`() async throws {
        try await withStore({ _, _ in .full(.ok, body: "<html><body>Log in</body></html>") }) { store, _ in
            let failure = try await code { _ = try await store.list(.root) }
            #expect(failure == .unavailable)
        }
    }

    @Test func `An interrupted download resumes where it broke`() async throws {
        let etag = ("etag", "\"v1\"")
        let script: ScriptedServer.Script = { request, index in
            switch index {
            case 0: .cutShort(length: 10, headers: HTTPHeaders([etag]), body: "0123")
            case 1: Self.failure(.serviceUnavailable, "SlowDown")
            default:
                .full(.partialContent, headers: HTTPHeaders([etag, ("content-range", "bytes 4-9/10")]), body: "456789")
            }
        }
        try await withStore(script) { store, server in
            let content = try await store.read(ArtifactPath("a"))
            #expect(content.size == 10)
            let bytes = try await content.bytes()
            #expect(bytes == Array("0123456789".utf8))
            #expect(server.requests.count == 3)
            #expect(server.requests.last?.headers["range"] == ["bytes=4-9"])
            #expect(server.requests.last?.headers["if-match"] == ["\"v1\""])
        }
    }

    @Test func `A download fails when its object is replaced`() async throws {
        let script: ScriptedServer.Script = { _, index in
            index == 0
                ? .cutShort(length: 10, headers: ["etag": "\"v1\""], body: "0123")
                : Self.failure(.preconditionFailed, "PreconditionFailed")
        }
        try await withStore(script) { store, _ in
            let content = try await store.read(ArtifactPath("a"))
            let failure = try await code { _ = try await content.bytes() }
            #expect(failure == .unavailable)
        }
    }

    @Test func `An upload is aborted when a part fails`() async throws {
        let script: ScriptedServer.Script = { request, _ in
            if request.uri.hasSuffix("?uploads=") {
                return .full(
                    .ok, body: "<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>"
                )
            }
            return request.method == .DELETE ? .full(.noContent) : Self.failure(.forbidden, "AccessDenied")
        }
        try await withStore(script) { store, server in
            let body = ChunkedBody(repeating: 1, count: 9_000_000)
            let failure = try await code { try await store.write(ArtifactPath("a"), size: nil, body: body) }
            #expect(failure == .permissionDenied)
            // Not always the last request: that of another part may still be in flight.
            #expect(server.requests.filter { $0.method == .DELETE }.map(\.uri) == ["/bucket/runs/a?uploadId=u%2F1"])
        }
    }

    @Test func `Completing an upload is retried when it fails after a 200 status`() async throws {
        let script: ScriptedServer.Script = { request, index in
            if request.uri.hasSuffix("?uploads=") {
                return .full(
                    .ok, body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
            }
            if request.method == .PUT { return .full(.ok, headers: ["etag": "\"e\(request.uri.suffix(12))\""]) }
            return index == 3
                ? .full(.ok, body: "<Error><Code>InternalError</Code></Error>")
                : .full(.ok, body: "<CompleteMultipartUploadResult/>")
        }
        try await withStore(script) { store, server in
            try await store.write(
                ArtifactPath("a"), size: nil, body: ChunkedBody(repeating: 1, count: 9_000_000, chunk: 10_000))
            #expect(server.requests.count == 5)
            #expect(
                server.requests.filter { $0.method == .PUT }.map(\.body.readableBytes).sorted() == [611_392, 8_388_608])
            let list = try #require(server.requests.last.map { String(buffer: $0.body) })
            let numbers = list.split(separator: "<PartNumber>").dropFirst().map { $0.first }
            #expect(numbers == ["1", "2"])
        }
    }

    @Test(arguments: [("\"0123-2\"", true), ("\"0123\"", false)])
    func `An upload whose completion response was lost succeeds if the object exists`(etag: String, hasArrived: Bool)
        async throws
    {
        let script: ScriptedServer.Script = { request, index in
            if request.uri.hasSuffix("?uploads=") {
                return .full(
                    .ok, body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
            }
            if request.method == .PUT { return .full(.ok, headers: ["etag": "\"e\""]) }
            if request.method == .HEAD { return .full(.ok, headers: ["etag": etag]) }
            return index == 3 ? .none : Self.failure(.notFound, "NoSuchUpload")
        }
        try await withStore(script) { store, _ in
            let failure = try await code {
                try await store.write(ArtifactPath("a"), size: nil, body: ChunkedBody(repeating: 1, count: 9_000_000))
            }
            #expect(failure == (hasArrived ? nil : .notFound))
        }
    }

    @Test func `An object that can't be deleted is an error even if S3 returns 200`() async throws {
        let response = ScriptedServer.Response.full(
            .ok, body: "<DeleteResult><Error><Key>runs/a</Key><Code>AccessDenied</Code></Error></DeleteResult>")
        try await withStore({ _, _ in response }) { store, _ in
            let failure = try await code { try await store.delete(ArtifactPath("a")) }
            #expect(failure == .permissionDenied)
        }
    }

    @Test func `Requests contain the time, the token, the owner and the upload options`() async throws {
        let environment = [
            "MLFLOW_S3_EXPECTED_BUCKET_OWNER": "111122223333",
            "MLFLOW_S3_UPLOAD_EXTRA_ARGS": #"{"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "key"}"#,
        ]
        try await withStore(environment: environment, { _, _ in .full(.ok) }) { store, server in
            try await store.write(ArtifactPath("a"), "x")
            let headers = try #require(server.requests.first?.headers)
            #expect(headers["x-amz-date"] == ["20150830T123600Z"])
            #expect(headers["x-amz-security-token"] == ["token"])
            #expect(headers["x-amz-expected-bucket-owner"] == ["111122223333"])
            #expect(headers["x-amz-server-side-encryption"] == ["aws:kms"])
            let signed =
                "host;x-amz-content-sha256;x-amz-date;x-amz-expected-bucket-owner;x-amz-security-token;"
                + "x-amz-server-side-encryption;x-amz-server-side-encryption-aws-kms-key-id"
            #expect(headers.first(name: "authorization")?.contains("SignedHeaders=\(signed),") == true)
        }
    }

    @Test func `A listing omits keys that no path can address`() async throws {
        let keys = ["runs/", "runs/.", "runs/..", "runs/good+name%2B", "elsewhere/x"]
        let objects = keys.map { "<Contents><Key>\($0)</Key><Size>0</Size></Contents>" }.joined()
        let prefixes = ["runs//", "runs/../", "runs/d%C3%A9/"].map {
            "<CommonPrefixes><Prefix>\($0)</Prefix></CommonPrefixes>"
        }
        let body = "<ListBucketResult><EncodingType>url</EncodingType>\(objects)\(prefixes.joined())</ListBucketResult>"
        try await withStore({ _, _ in .full(.ok, body: body) }) { store, _ in
            let names = try await store.list(.root).map(\.name)
            #expect(names == ["dé", "good name+"])
        }
    }
}

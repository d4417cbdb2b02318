import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

@testable import ArtifactStore

/// S3-specific features, tested with moto and with every signature verified.
@Suite(.enabled(if: MotoServer.isAvailable, MotoServer.skipReason))
struct S3MotoTests {
    private func send(
        _ method: HTTPMethod, _ request: PresignedRequest, body: ByteBuffer? = nil
    ) async throws -> (response: HTTPClientResponse, body: ByteBuffer) {
        var http = HTTPClientRequest(url: request.url)
        http.method = method
        http.headers = HTTPHeaders(request.headers.map { ($0.key, $0.value) })
        http.body = body.map { .bytes($0) }
        let response = try await HTTPClient.shared.execute(http, timeout: .seconds(30))
        return (response, try await response.body.collect(upTo: 64 * 1024 * 1024))
    }

    private func withTransfer<Result>(
        environment: [String: String] = [:],
        _ body: (any ArtifactStore, any DirectTransfer) async throws -> Result
    ) async throws -> Result {
        try await MotoServer.withStore(
            uri: "s3://\(MotoServer.bucket)/d & t/\(UInt64.random(in: 0 ... .max))",
            environment: environment
        ) { store in
            try await body(store, try #require(store.directTransfer))
        }
    }

    @Test(arguments: [[:], ["AWS_SESSION_TOKEN": "a/token+="], ["MLFLOW_S3_EXPECTED_BUCKET_OWNER": "123456789012"]])
    func `A presigned URL downloads a file under its name`(environment: [String: String]) async throws {
        try await withTransfer(environment: environment) { store, transfer in
            let path = try ArtifactPath("models/wéights + \"1\".bin")
            try await store.write(path, "contents")
            let download = try await transfer.presignDownload(path, expires: .seconds(60))
            #expect(download.size == 8)
            #expect(download.request.headers.isEmpty)
            let (response, body) = try await send(.GET, download.request)
            #expect(response.status == .ok)
            #expect(String(buffer: body) == "contents")
            let disposition = "attachment%3B%20filename%2A%3DUTF-8%27%27w%25C3%25A9ights%2520%252B%2520%25221%2522.bin"
            #expect(download.request.url.contains("&response-content-disposition=\(disposition)&"))
        }
    }

    @Test func `Only an existing file can be presigned for download`() async throws {
        try await withTransfer { store, transfer in
            try await store.write(ArtifactPath("d/f"), "x")
            for (path, expected) in [("none", ArtifactError.Code.notFound), ("d", .isDirectory), ("", .isDirectory)] {
                let refusal = try await code {
                    _ = try await transfer.presignDownload(ArtifactPath(path), expires: .seconds(60))
                }
                #expect(refusal == expected)
            }
        }
    }

    @Test(arguments: [[:], ["MLFLOW_S3_UPLOAD_EXTRA_ARGS": #"{"ServerSideEncryption": "AES256"}"#]])
    func `A presigned URL uploads a file with its type`(environment: [String: String]) async throws {
        try await withTransfer(environment: environment) { store, transfer in
            let path = try ArtifactPath("plots/a b.png")
            let request = try await transfer.presignUpload(path, contentType: "image/png", expires: .seconds(900))
            #expect(request.headers["content-type"] == "image/png")
            let (response, _) = try await send(.PUT, request, body: ByteBuffer(string: "pixels"))
            #expect(response.status == .ok)
            let text = try await store.text(path)
            #expect(text == "pixels")
            let download = try await transfer.presignDownload(path, expires: .seconds(60))
            let type = try await send(.GET, download.request).response.headers["content-type"]
            #expect(type == ["image/png"])

            var other = request.headers
            other["content-type"] = "text/html"
            let forged = try await send(
                .PUT, PresignedRequest(url: request.url, headers: other), body: ByteBuffer(string: "x"))
            #expect(forged.response.status == .forbidden)
        }
    }

    @Test func `A client uploads parts directly, in any order`() async throws {
        try await withTransfer { store, transfer in
            let path = try ArtifactPath("large file.bin")
            let upload = try await transfer.createMultipartUpload(path, partCount: 2, expires: .seconds(3600))
            #expect(upload.parts.count == 2)
            let sizes = [5 * 1024 * 1024, 1234]
            var parts: [UploadedPart] = []
            for index in [1, 0] {
                let body = ByteBuffer(repeating: UInt8(index), count: sizes[index])
                let (response, _) = try await send(.PUT, upload.parts[index], body: body)
                #expect(response.status == .ok)
                let etag = try #require(response.headers.first(name: "etag"))
                parts.append(UploadedPart(number: index + 1, etag: etag))
            }
            let before = try await store.list(.root)
            #expect(before.isEmpty)
            try await transfer.completeMultipartUpload(path, uploadID: upload.uploadID, parts: parts)
            let bytes = try await store.read(path).bytes()
            #expect(bytes == Array(repeating: 0, count: sizes[0]) + Array(repeating: 1, count: sizes[1]))
        }
    }

    @Test func `An aborted upload leaves nothing, and can be aborted again`() async throws {
        try await withTransfer { store, transfer in
            let path = try ArtifactPath("f")
            let upload = try await transfer.createMultipartUpload(path, partCount: 1, expires: .seconds(3600))
            _ = try await send(.PUT, upload.parts[0], body: ByteBuffer(string: "x"))
            try await transfer.abortMultipartUpload(path, uploadID: upload.uploadID)
            try await transfer.abortMultipartUpload(path, uploadID: upload.uploadID)
            let left = try await store.list(.root)
            #expect(left.isEmpty)
        }
    }

    @Test func `Lifetimes and the number of parts are limited`() async throws {
        try await withTransfer { _, transfer in
            let path = try ArtifactPath("f")
            for expires in [Duration.zero, .milliseconds(999), .seconds(-5), .seconds(604_801), .seconds(Int64.max)] {
                let refusal = try await code {
                    _ = try await transfer.presignUpload(path, contentType: "text/plain", expires: expires)
                }
                #expect(refusal == .invalidArgument)
            }
            for count in [-1, 10_001, .max] {
                let refusal = try await code {
                    _ = try await transfer.createMultipartUpload(path, partCount: count, expires: .seconds(60))
                }
                #expect(refusal == .invalidArgument)
            }
            let none = try await transfer.createMultipartUpload(path, partCount: 0, expires: .seconds(60))
            #expect(none.parts.isEmpty)
        }
    }

    @Test func `Thousands of objects are listed in several pages and deleted in batches`() async throws {
        try await MotoServer.withStore(uri: "s3://\(MotoServer.fullBucket)") { store in
            let many = try ArtifactPath("many")
            let names = try await store.list(many).map(\.name)
            #expect(names.count == 2500)
            #expect(names.first == "file-0000")
            #expect(names.last == "file-2499")
            try await store.delete(many)
            let left = try await store.list(.root)
            #expect(left.isEmpty)
        }
    }

    @Test func `A missing bucket is unavailable`() async throws {
        try await MotoServer.withStore(uri: "s3://unladen-no-such-bucket/x") { store in
            let unreachable = try await code { try await store.checkReachable() }
            #expect(unreachable == .unavailable)
            let unwritable = try await code { try await store.write(ArtifactPath("a"), "x") }
            #expect(unwritable == .unavailable)
            let unreadable = try await code { _ = try await store.read(ArtifactPath("a")) }
            #expect(unreadable == .unavailable)
        }
    }

    @Test func `Wrong keys are permission denied`() async throws {
        try await MotoServer.withStore(
            uri: "s3://\(MotoServer.bucket)", environment: ["AWS_SECRET_ACCESS_KEY": "wrong"]
        ) { store in
            let refusal = try await code { try await store.checkReachable() }
            #expect(refusal == .permissionDenied)
        }
    }
}

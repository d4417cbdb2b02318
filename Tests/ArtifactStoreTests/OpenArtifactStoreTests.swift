import Testing

@testable import ArtifactStore

@Suite struct OpenArtifactStoreTests {
    @Test func `A path and a file URI open a directory`() async throws {
        let directory = try TemporaryDirectory()
        let encoded = directory.path.split(separator: "/").joined(separator: "/%2E/")
        let uris = [
            directory.path, "file://\(directory.path)", "file:\(directory.path)", "file://localhost\(directory.path)",
            "FILE:///\(encoded)",
        ]
        for (index, uri) in uris.enumerated() {
            let store = try openArtifactStore(uri: uri, environment: [:], logger: .quiet)
            try await store.write(ArtifactPath("\(index)"), uri)
            #expect(store.directTransfer == nil)
        }
        #expect(try directory.everything() == ["0", "1", "2", "3", "4"])
    }

    @Test func `An s3 URI opens a bucket`() async throws {
        let environment = ["AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"]
        let store = try openArtifactStore(uri: "s3://bucket/prefix", environment: environment, logger: .quiet)
        let location = try #require(store as? S3ArtifactStore).location
        #expect(location == (try S3Location(afterScheme: "bucket/prefix")))
        #expect(store.directTransfer != nil)
        try await store.shutdown()
    }

    @Test(arguments: [
        "", "gs://bucket", "http://host/x", "mlflow-artifacts:/", "dbfs:/x", "C:\\artifacts", "file://host/x",
        "file:relative", "file:///a%00b", "file:///a%ff", "file:///a#b", "runs:/x",
    ])
    func `The error for another URI lists the supported ones`(uri: String) throws {
        let error = #expect(throws: ArtifactError.self) {
            try openArtifactStore(uri: uri, environment: [:], logger: .quiet)
        }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("file:///PATH or s3://BUCKET/PREFIX") == true)
    }

    @Test func `S3 without credentials fails immediately`() throws {
        let error = #expect(throws: ArtifactError.self) {
            try openArtifactStore(uri: "s3://bucket", environment: [:], logger: .quiet)
        }
        #expect(error?.message.contains("AWS_ACCESS_KEY_ID") == true)
    }
}

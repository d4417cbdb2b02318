import Testing

@testable import ArtifactStore

/// The locations for which a server may use its own credentials.
@Suite struct ArtifactRootsTests {
    private static let roots = ["s3://bucket/root", "s3://whole"]

    @Test(arguments: [
        "s3://bucket/root", "s3://bucket/root/", "s3://bucket/root/a/b", "S3://bucket/root/a", "s3://bucket//root//a",
        "s3://bucket/root/./a",
        "s3://bucket/ro%6ft/a", "s3://bucket/root/größe", "s3://bucket/root/a%20b", "s3://bucket/root/..a", "s3://whole", "s3://whole/x/y",
    ])
    func `Roots and locations inside them are allowed`(uri: String) throws {
        #expect(try ArtifactRoots(Self.roots).contains(uri))
    }

    @Test(arguments: [
        "s3://bucket", "s3://bucket/", "s3://bucket/roo", "s3://bucket/root-evil", "s3://bucket/root-evil/a", "s3://bucket/rootevil",
        "s3://bucket/Root/a", "s3://bucket/other", "s3://other/root", "s3://BUCKET/root/a", "s3://Whole/x", "s3://whole.evil/x",
        "s3://whole@evil/x", "s3://evil/s3://whole", "s3://bucket/root/../other", "s3://bucket/root/..", "s3://bucket/root/a/../../other",
        "s3://bucket/../bucket/root", "s3://bucket/root/%2e%2e/other", "s3://bucket/root/%252e%252e/other", "s3://bucket/root%2f..%2fother",
        #"s3://bucket/root\..\other"#, "s3://bucket/root/%5c..%5cother", "s3://bucket/other?x=/root", "s3://bucket/root?x=1",
        "s3://bucket/root/a#b",
        "s3://bucket?/root", "s3://bucket%2froot/a", "s3://", "s3:///root", "s3:bucket/root", "s3:/bucket/root", "bucket/root", "", "/root",
        "s3a://bucket/root", "gs://bucket/root", "file:///root", "mlflow-artifacts:/root", "s3://bucket/root/\0", " s3://bucket/root",
        "s3://bucket/ro\u{301}ot/a",
    ])
    func `Everything else is not allowed`(uri: String) throws {
        #expect(try !ArtifactRoots(Self.roots).contains(uri))
    }

    @Test func `Extra slashes in a root are ignored, and its escapes aren't decoded`() throws {
        #expect(try ArtifactRoots(["s3://b/p//q/"]).contains("s3://b/p/q/x"))
        #expect(try ArtifactRoots(["S3://b"]).contains("s3://b/x"))
        #expect(try !ArtifactRoots(["s3://b/%2e%2e"]).contains("s3://b/x"))
        #expect(try !ArtifactRoots([]).contains("s3://b/x"))
    }

    @Test func `Canonically equivalent names are different`() throws {
        #expect(try !ArtifactRoots(["s3://b/\u{E9}"]).contains("s3://b/e\u{301}/x"))
        #expect(try !ArtifactRoots(["s3://b/\u{E9}"]).contains("s3://b/e%CC%81/x"))
    }

    @Test func `A directory among the roots is ignored, and other schemes are rejected`() throws {
        #expect(try !ArtifactRoots(["/data", "./x", "file:///data"]).contains("file:///data/x"))
        for uri in ["gs://b/x", "http://h/x", "s3://", "s3://b/../x", "s3://b?x", ""] {
            #expect(throws: ArtifactError.self, "\(uri)") { _ = try ArtifactRoots([uri]) }
        }
        let error = #expect(throws: ArtifactError.self) { _ = try ArtifactRoots(["https://user:hunter2@h/x"]) }
        #expect(error?.message.contains("hunter2") == false)
    }
}

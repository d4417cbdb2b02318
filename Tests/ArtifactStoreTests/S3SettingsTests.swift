import Testing

@testable import ArtifactStore

/// Parsing the S3 store's URI and environment.
@Suite struct S3SettingsTests {
    @Test(arguments: [
        ("bucket", "bucket", "", "a/b", "a/b/"), ("bucket/", "bucket", "", "", ""),
        ("b.u-c_K/x/y", "b.u-c_K", "x/y/", "", "x/y/"),
        ("bucket//x//y/", "bucket", "x/y/", "a", "x/y/a/"),
    ])
    func `A URI is a bucket and a prefix`(rest: String, bucket: String, prefix: String, path: String, below: String)
        throws
    {
        let location = try S3Location(afterScheme: rest[...])
        #expect(location.bucket == bucket)
        #expect(location.keyPrefix == prefix)
        #expect(try location.prefix(ArtifactPath(path)) == below)
        #expect(try location.key(ArtifactPath("k")) == prefix + "k")
    }

    @Test(arguments: ["", "/", "/x", "bu cket/x", "b@c", "b:1/x", "..", "./x", "b/x?y", "b/x#y", "bü/x", "b%2f/x"])
    func `A URI without a valid bucket is rejected`(rest: String) {
        #expect(throws: ArtifactError.self) { try S3Location(afterScheme: rest[...]) }
    }

    @Test(
        arguments: [
            ([:], "https", "bucket.s3.eu-west-1.amazonaws.com", "/k%20y"),
            (["MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE": "path"], "https", "s3.eu-west-1.amazonaws.com", "/bucket/k%20y"),
            (["AWS_ENDPOINT_URL": "http://LocalHost:9000"], "http", "localhost:9000", "/bucket/k%20y"),
            (["AWS_ENDPOINT_URL": "https://minio:443/base/"], "https", "minio", "/base/bucket/k%20y"),
            (["AWS_ENDPOINT_URL": "http://[::1]:80"], "http", "[::1]", "/bucket/k%20y"),
            (
                [
                    "AWS_ENDPOINT_URL": "http://c", "AWS_ENDPOINT_URL_S3": "http://b",
                    "MLFLOW_S3_ENDPOINT_URL": "http://a",
                ],
                "http", "a", "/bucket/k%20y"
            ),
            (["AWS_ENDPOINT_URL": "http://b", "AWS_ENDPOINT_URL_S3": ""], "http", "b", "/bucket/k%20y"),
            (
                ["AWS_ENDPOINT_URL": "https://r2.dev", "MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE": "virtual"], "https",
                "bucket.r2.dev", "/k%20y"
            ),
        ] as [([String: String], String, String, String)])
    func `The endpoint follows the environment`(
        environment: [String: String], scheme: String, host: String, path: String
    ) throws {
        let endpoint = try S3Endpoint(bucket: "bucket", region: "eu-west-1", environment: environment)
        #expect(endpoint.scheme == scheme)
        #expect(endpoint.host == host)
        #expect(endpoint.path(key: "k y") == path)
    }

    @Test func `A bucket that can't be part of a host is put in the path`() throws {
        for bucket in ["my.bucket", "Bucket", "under_score"] {
            let endpoint = try S3Endpoint(bucket: bucket, region: "cn-north-1", environment: [:])
            #expect(endpoint.host == "s3.cn-north-1.amazonaws.com.cn")
            #expect(endpoint.path(key: "") == "/" + bucket)
        }
        let virtual = try S3Endpoint(bucket: "bucket", region: "us-east-1", environment: [:])
        #expect(virtual.path(key: "") == "/")
    }

    @Test(arguments: ["minio:9000", "ftp://x", "http://", "http://user@host", "http://host?x", "http://a b"])
    func `An endpoint that isn't a URL is rejected`(url: String) {
        #expect(throws: ArtifactError.self) {
            try S3Endpoint(bucket: "b", region: "r", environment: ["AWS_ENDPOINT_URL": url])
        }
    }

    @Test func `Upload options become headers`() throws {
        let options = try S3UploadOptions(environment: [
            "MLFLOW_S3_UPLOAD_EXTRA_ARGS": #"{"StorageClass": "STANDARD_IA", "ACL": "bucket-owner-full-control"}"#
        ])
        #expect(options.headers.map(\.name) == ["x-amz-acl", "x-amz-storage-class"])
        #expect(options.headers.map(\.value) == ["bucket-owner-full-control", "STANDARD_IA"])
        #expect(try S3UploadOptions(environment: [:]).headers.isEmpty)
    }

    @Test(arguments: ["[]", "{", #"{"SSECustomerKey": "k"}"#, #"{"Nonsense": "k"}"#, #"{"ACL": 1}"#])
    func `Unknown upload options are rejected`(json: String) {
        #expect(throws: ArtifactError.self) {
            try S3UploadOptions(environment: ["MLFLOW_S3_UPLOAD_EXTRA_ARGS": json])
        }
    }

    @Test func `Ten thousand parts are enough for the largest object`() {
        let megabyte = 1024 * 1024
        #expect(S3Upload.partBytes(number: 1, size: 1) == 8 * megabyte)
        #expect(S3Upload.partBytes(number: 1, size: 2 << 30) == 8 * megabyte)
        for size in [80 << 30, 81 << 30, 1 << 40, 5 << 40] as [Int64] {
            #expect(Int64(S3Upload.partBytes(number: 1, size: size)) * 10_000 >= size)
        }
        let unknown = (1...10_000).reduce(Int64(0)) { $0 + Int64(S3Upload.partBytes(number: $1, size: nil)) }
        #expect(unknown >= 5 << 40)
        #expect(S3Upload.partBytes(number: 1, size: .max) <= 5 << 30)
    }
}

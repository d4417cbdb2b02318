import FoundationEssentials

/// Headers for all new objects, from `MLFLOW_S3_UPLOAD_EXTRA_ARGS`: a JSON object with arguments of boto3's `put_object`, such as
/// `{"ServerSideEncryption": "aws:kms"}`.
struct S3UploadOptions: Sendable {
    let headers: [(name: String, value: String)]

    /// SSE-C is deliberately missing: its key would have to be sent with every later request for the object.
    private static let headerNames = [
        "ACL": "x-amz-acl",
        "CacheControl": "cache-control",
        "ContentDisposition": "content-disposition",
        "ContentEncoding": "content-encoding",
        "ContentLanguage": "content-language",
        "ContentType": "content-type",
        "Expires": "expires",
        "GrantFullControl": "x-amz-grant-full-control",
        "GrantRead": "x-amz-grant-read",
        "GrantReadACP": "x-amz-grant-read-acp",
        "GrantWriteACP": "x-amz-grant-write-acp",
        "ObjectLockLegalHoldStatus": "x-amz-object-lock-legal-hold",
        "ObjectLockMode": "x-amz-object-lock-mode",
        "ObjectLockRetainUntilDate": "x-amz-object-lock-retain-until-date",
        "RequestPayer": "x-amz-request-payer",
        "SSEKMSEncryptionContext": "x-amz-server-side-encryption-context",
        "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
        "ServerSideEncryption": "x-amz-server-side-encryption",
        "StorageClass": "x-amz-storage-class",
        "Tagging": "x-amz-tagging",
        "WebsiteRedirectLocation": "x-amz-website-redirect-location",
    ]

    init(environment: [String: String]) throws(ArtifactError) {
        let variable = "MLFLOW_S3_UPLOAD_EXTRA_ARGS"
        guard let json = environment[variable], !json.isEmpty else {
            headers = []
            return
        }
        guard let arguments = try? JSONDecoder().decode([String: String].self, from: Data(json.utf8)) else {
            throw ArtifactError(.unsupported, "\(variable) must be a JSON object with string values.")
        }
        var headers: [(name: String, value: String)] = []
        for (argument, value) in arguments.sorted(by: { $0.key < $1.key }) {
            guard let name = Self.headerNames[argument] else {
                throw ArtifactError(.unsupported, "\(variable) contains '\(argument)', which isn't supported.")
            }
            headers.append((name: name, value: value))
        }
        self.headers = headers
    }
}

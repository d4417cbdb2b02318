import NIOHTTP1
internal import SafeText

/// An error response of S3.
struct S3Error: Error, Sendable, CustomStringConvertible {
    let status: Int
    /// S3's error code; empty if the response has no body.
    let code: String
    let message: String
    /// The bucket's region, if S3 returned it.
    let bucketRegion: String?

    /// Parses a response with an error status, or a 200 response whose body is an error.
    init(status: HTTPResponseStatus, headers: HTTPHeaders, document: XMLNode?) {
        self.status = Int(status.code)
        code = document?["Code"]?.text ?? ""
        message = document?["Message"]?.text ?? status.reasonPhrase
        bucketRegion = headers.first(name: "x-amz-bucket-region") ?? document?["Region"]?.text
    }

    var description: String { "S3 returned \(status) \(code): \(message)" }

    /// Whether the same request may succeed when it is retried.
    var isTransient: Bool {
        [429, 500, 502, 503, 504].contains(status)
            || ["InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout", "OperationAborted"].contains(code)
    }
}

extension ArtifactError {
    /// The error for a failed request about the artifact at `path`.
    init(_ failure: S3Error, at path: ArtifactPath) {
        switch (failure.code, failure.status) {
        case ("NoSuchBucket", _):
            self.init(.unavailable, "The bucket of the artifact store doesn't exist.", cause: failure)
        case ("NoSuchUpload", _):
            self.init(.notFound, "The multipart upload doesn't exist.", cause: failure)
        case ("KeyTooLongError", _):
            self.init(.invalidPath, "Invalid path: S3 doesn't support the name.", cause: failure)
        case ("InvalidPart", _), ("InvalidPartOrder", _), ("EntityTooSmall", _), ("MalformedXML", _):
            self.init(.invalidArgument, "S3 rejected the parts: \(Redaction.standard.redacted(error: failure.message))", cause: failure)
        case ("QuotaExceeded", _), ("XMinioStorageFull", _), (_, 507):
            self.init(.outOfSpace, "The artifact store has no space left.", cause: failure)
        case (_, 301), ("AuthorizationHeaderMalformed", _), ("IllegalLocationConstraintException", _):
            let hint = failure.bucketRegion.map { "; it is in \($0)" } ?? ""
            self.init(.unavailable, "The bucket isn't in the region of AWS_REGION\(hint).", cause: failure)
        case ("RequestTimeTooSkewed", _):
            self.init(.unavailable, "The clocks of S3 and of this server differ too much.", cause: failure)
        case (_, 401), (_, 403), ("AccessDenied", _), ("ExpiredToken", _), ("InvalidToken", _):
            self.init(.permissionDenied, "The server's AWS credentials don't allow this operation.", cause: failure)
        case (_, 404):
            self = .notFound(path, cause: failure)
        case (_, 416):
            self = .invalidRange(size: nil)
        default:
            self.init(.unavailable, "S3 failed.", cause: failure)
        }
    }
}

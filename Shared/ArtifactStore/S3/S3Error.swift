import NIOHTTP1
internal import SafeText

/// An error that S3 answered.
struct S3Error: Error, Sendable, CustomStringConvertible {
    let status: Int
    /// S3's name of the error; empty where the response has no body.
    let code: String
    let message: String
    /// The region that the bucket is in, where S3 says so.
    let bucketRegion: String?

    /// Reads a response of an error status, or one of 200 whose body turns out to be an error.
    init(status: HTTPResponseStatus, headers: HTTPHeaders, document: XMLNode?) {
        self.status = Int(status.code)
        code = document?["Code"]?.text ?? ""
        message = document?["Message"]?.text ?? status.reasonPhrase
        bucketRegion = headers.first(name: "x-amz-bucket-region") ?? document?["Region"]?.text
    }

    var description: String { "S3 answered \(status) \(code): \(message)" }

    /// Whether the same request may succeed when it's sent again.
    var isTransient: Bool {
        [429, 500, 502, 503, 504].contains(status)
            || ["InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout", "OperationAborted"].contains(code)
    }
}

extension ArtifactError {
    /// What a failed request means for the artifact at `path`.
    init(_ failure: S3Error, at path: ArtifactPath) {
        switch (failure.code, failure.status) {
        case ("NoSuchBucket", _):
            self.init(.unavailable, "The bucket of the artifact store doesn't exist", cause: failure)
        case ("NoSuchUpload", _):
            self.init(.notFound, "No such multipart upload", cause: failure)
        case ("KeyTooLongError", _):
            self.init(.invalidPath, "Invalid path: S3 can't hold such a name", cause: failure)
        case ("InvalidPart", _), ("InvalidPartOrder", _), ("EntityTooSmall", _), ("MalformedXML", _):
            self.init(.invalidArgument, "S3 refuses these parts: \(Redaction.standard.redacted(error: failure.message))", cause: failure)
        case ("QuotaExceeded", _), ("XMinioStorageFull", _), (_, 507):
            self.init(.outOfSpace, "The artifact store has no space left", cause: failure)
        case (_, 301), ("AuthorizationHeaderMalformed", _), ("IllegalLocationConstraintException", _):
            let hint = failure.bucketRegion.map { "; it is in \($0)" } ?? ""
            self.init(.unavailable, "The bucket isn't in the region that AWS_REGION names\(hint)", cause: failure)
        case ("RequestTimeTooSkewed", _):
            self.init(.unavailable, "The clocks of S3 and of this server differ too much", cause: failure)
        case (_, 401), (_, 403), ("AccessDenied", _), ("ExpiredToken", _), ("InvalidToken", _):
            self.init(.permissionDenied, "The server's AWS credentials don't allow this", cause: failure)
        case (_, 404):
            self = .notFound(path, cause: failure)
        case (_, 416):
            self = .invalidRange(size: nil)
        default:
            self.init(.unavailable, "S3 failed", cause: failure)
        }
    }
}

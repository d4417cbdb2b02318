internal import Hashing
internal import Primitives

/// Signs requests to AWS and compatible services with Signature Version 4.
///
/// Format: "AWS Signature Version 4 for API requests" in the IAM user guide, and for S3 "Authenticating Requests" in its API reference.
package struct SignatureV4: Sendable {
    /// A request to sign.
    package struct Request: Sendable {
        package var method: String
        /// The percent-encoded path, with a leading slash and without empty, `.` and `..` segments.
        package var path: String
        /// The query parameters, not encoded.
        package var query: [(name: String, value: String)]
        /// The headers, all of which are signed. Must include `host`.
        package var headers: [(name: String, value: String)]

        package init(
            method: String, path: String, query: [(name: String, value: String)] = [],
            headers: [(name: String, value: String)]
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.headers = headers
        }

        /// The encoded and sorted query string. Send it unchanged.
        package var encodedQuery: String {
            query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
                .sorted { $0 < $1 }
                .map { $0 + "=" + $1 }
                .joined(separator: "&")
        }
    }

    /// How the path is encoded in the canonical request.
    package enum PathStyle: Sendable {
        /// The path as it is sent, for S3.
        case singleEncoded
        /// The path percent-encoded once more, for all other services.
        case doubleEncoded
    }

    /// The payload hash for an unsigned payload.
    package static let unsignedPayload = "UNSIGNED-PAYLOAD"
    /// The maximum lifetime of a presigned URL: seven days, in seconds.
    package static let maximumLifetime = 604_800

    private static let algorithm = "AWS4-HMAC-SHA256"

    private let credentials: AWSCredentials
    private let region: String
    private let service: String
    private let pathStyle: PathStyle

    /// - Parameter service: the service's signing name, such as `s3` or `bedrock`.
    package init(credentials: AWSCredentials, region: String, service: String, pathStyle: PathStyle) {
        self.credentials = credentials
        self.region = region
        self.service = service
        self.pathStyle = pathStyle
    }

    /// The payload hash: SHA-256 in lower-case hexadecimal.
    package static func hash(_ payload: some Sequence<UInt8>) -> String {
        Hex.encode(SHA256.hash(payload))
    }

    /// The headers to add to the request.
    ///
    /// - Parameters:
    ///   - payloadHash: the result of ``hash(_:)`` for the body, or ``unsignedPayload``. S3 also requires it in the header
    ///     `x-amz-content-sha256`, which the caller adds to the request.
    ///   - seconds: the current time in seconds since 1970.
    package func headers(
        signing request: Request, payloadHash: String, at seconds: Int64
    ) -> [(name: String, value: String)] {
        let time = CivilTime(secondsSince1970: seconds)
        var added = [(name: "X-Amz-Date", value: ISO8601.basicText(time))]
        if let token = credentials.sessionToken { added.append((name: "X-Amz-Security-Token", value: token)) }
        var request = request
        request.headers += added
        let signature = signature(of: request, payloadHash: payloadHash, at: time)
        let authorization =
            "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope(at: time)), "
            + "SignedHeaders=\(signedHeaders(of: request)), Signature=\(signature)"
        return added + [(name: "Authorization", value: authorization)]
    }

    /// The complete encoded query string, which authorizes the request for `lifetime` seconds, starting at `seconds` since 1970.
    ///
    /// The headers must be sent unchanged. The payload isn't signed.
    package func presignedQuery(for request: Request, lifetime: Int, at seconds: Int64) -> String {
        let time = CivilTime(secondsSince1970: seconds)
        var request = request
        request.query += [
            (name: "X-Amz-Algorithm", value: Self.algorithm),
            (name: "X-Amz-Credential", value: "\(credentials.accessKeyID)/\(scope(at: time))"),
            (name: "X-Amz-Date", value: ISO8601.basicText(time)),
            (name: "X-Amz-Expires", value: String(lifetime)),
            (name: "X-Amz-SignedHeaders", value: signedHeaders(of: request)),
        ]
        if let token = credentials.sessionToken { request.query.append((name: "X-Amz-Security-Token", value: token)) }
        let signature = signature(of: request, payloadHash: presignedPayload, at: time)
        return request.encodedQuery + "&X-Amz-Signature=" + signature
    }

    /// The payload hash of a presigned request. Only S3 accepts any body.
    private var presignedPayload: String {
        switch pathStyle {
        case .singleEncoded: Self.unsignedPayload
        case .doubleEncoded: Self.hash([])
        }
    }
}

extension SignatureV4 {
    private func signature(of request: Request, payloadHash: String, at time: CivilTime) -> String {
        let canonical = canonicalRequest(request, payloadHash: payloadHash)
        let toSign = [Self.algorithm, ISO8601.basicText(time), scope(at: time), Self.hash(canonical.utf8)].joined(separator: "\n")
        return Hex.encode(authenticate(toSign, key: signingKey(at: time)))
    }

    private func canonicalRequest(_ request: Request, payloadHash: String) -> String {
        let path =
            switch pathStyle {
            case .singleEncoded: request.path
            case .doubleEncoded: PercentEncoding.encode(request.path, keepingSlashes: true)
            }
        let headers = canonicalHeaders(of: request).map { "\($0.name):\($0.values.joined(separator: ","))\n" }.joined()
        return [request.method, path, request.encodedQuery, headers, signedHeaders(of: request), payloadHash]
            .joined(separator: "\n")
    }

    /// The headers sorted by lower-case name. Values of the same name keep their order.
    private func canonicalHeaders(of request: Request) -> [(name: String, values: [String])] {
        Dictionary(grouping: request.headers) { $0.name.lowercased() }
            .map { name, headers in
                (name: name, values: headers.map { $0.value.split(separator: " ").joined(separator: " ") })
            }
            .sorted { $0.name < $1.name }
    }

    private func signedHeaders(of request: Request) -> String {
        canonicalHeaders(of: request).map(\.name).joined(separator: ";")
    }

    private func scope(at time: CivilTime) -> String {
        "\(ISO8601.basicText(time.date))/\(region)/\(service)/aws4_request"
    }

    private func signingKey(at time: CivilTime) -> [UInt8] {
        var key = Array("AWS4\(credentials.secretAccessKey)".utf8)
        for part in [ISO8601.basicText(time.date), region, service, "aws4_request"] {
            key = authenticate(part, key: key)
        }
        return key
    }

    private func authenticate(_ text: String, key: [UInt8]) -> [UInt8] {
        HMAC.authenticationCode(of: Array(text.utf8), key: key)
    }
}

internal import Hashing
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import Primitives

/// Verifies the signatures of Amazon's requests (AWS Signature Version 4), like the service.
struct Signature {
    let credentials: Credentials
    private static let algorithm = "AWS4-HMAC-SHA256"
    /// The maximum age of a request in seconds.
    private static let maximumAge = 900

    func check(_ request: Request) throws(Failure) {
        // Bedrock API keys don't need a signature.
        if credentials.isBearer(request) { return }
        guard let header = request.header("authorization") else {
            throw Failure(403, "Missing Authentication Token", code: "MissingAuthenticationTokenException")
        }
        let parts = fields(header)
        guard header.hasPrefix(Self.algorithm + " "), let credential = parts["Credential"], let signed = parts["SignedHeaders"],
            let signature = parts["Signature"], let date = request.header("x-amz-date")
        else {
            throw Failure(
                403, "Authorization header requires its parameters, and an X-Amz-Date.", code: "IncompleteSignatureException")
        }
        let scope = credential.split(separator: "/").map(String.init)
        guard scope.count == 5, scope[4] == "aws4_request", scope[3] == "bedrock", date.hasPrefix(scope[1]) else {
            throw Failure(
                403, "Credential should be scoped to a valid date, region and service.", code: "InvalidSignatureException")
        }
        guard scope[0] == Credentials.accessKey else {
            throw Failure(403, "The security token included in the request is invalid.", code: "UnrecognizedClientException")
        }
        guard let age = age(date), abs(age) < Self.maximumAge else {
            throw Failure(403, "Signature expired: \(date)", code: "InvalidSignatureException")
        }
        try checkSigned(signed.split(separator: ";").map(String.init), request)
        let canonical = canonicalRequest(request, signed)
        let text =
            "\(Self.algorithm)\n\(date)\n\(scope[1...].joined(separator: "/"))\n\(Hex.encode(SHA256.hash(canonical.utf8)))"
        guard signature == Hex.encode(mac(signingKey(scope), text)) else {
            throw Failure(
                403,
                "The request signature we calculated does not match the signature you provided. The Canonical String for this "
                    + "request should have been '\(canonical)'", code: "InvalidSignatureException")
        }
    }

    /// Checks that the host and all of Amazon's headers are signed.
    private func checkSigned(_ names: [String], _ request: Request) throws(Failure) {
        let needed = ["host"] + request.headers.map { $0.name.lowercased() }.filter { $0.hasPrefix("x-amz-") }
        for name in needed where !names.contains(name) {
            throw Failure(403, "'\(name)' must be a 'SignedHeader' in the AWS Authorization.", code: "InvalidSignatureException")
        }
    }

    private func canonicalRequest(_ request: Request, _ signed: String) -> String {
        // The path is encoded once more than in the request, for all services except S3.
        let path = PercentEncoding.encode(
            PercentEncoding.encode(PercentEncoding.decode(request.path), keepingSlashes: true), keepingSlashes: true)
        let query = request.query.split(separator: "&").map { $0.contains("=") ? String($0) : "\($0)=" }.sorted().joined(
            separator: "&")
        let headers = signed.split(separator: ";").map { name in
            let values = request.headers[canonicalForm: String(name)].map { trimmed($0) }
            return "\(name):\(values.joined(separator: ","))\n"
        }
        let hash = Hex.encode(SHA256.hash(request.body.readableBytesView))
        return "\(request.method)\n\(path)\n\(query)\n\(headers.joined())\n\(signed)\n\(hash)"
    }

    private func signingKey(_ scope: [String]) -> [UInt8] {
        scope[1...].reduce(Array("AWS4\(credentials.key)".utf8)) { key, part in mac(key, part) }
    }

    private func mac(_ key: [UInt8], _ text: String) -> [UInt8] {
        HMAC.authenticationCode(of: Array(text.utf8), key: key)
    }

    /// Trims whitespace, and collapses it to a single space inside the value.
    private func trimmed(_ value: Substring) -> String {
        value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }

    /// `Credential=…, SignedHeaders=…, Signature=…`
    private func fields(_ header: String) -> [String: String] {
        var fields: [String: String] = [:]
        for part in header.dropFirst(Self.algorithm.count).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { fields[String(pair[0])] = String(pair[1]) }
        }
        return fields
    }

    /// The age of a date in the format `20230101T120000Z`, in seconds.
    private func age(_ date: String) -> Int? {
        let digits = date.utf8.compactMap { 48...57 ~= $0 ? Int32($0) - 48 : nil }
        guard digits.count == 14, date.utf8.count == 16 else { return nil }
        func number(_ range: Range<Int>) -> Int32 { digits[range].reduce(0) { $0 * 10 + $1 } }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (number(0..<4) - 1900, number(4..<6) - 1, number(6..<8))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (number(8..<10), number(10..<12), number(12..<14))
        return time(nil) - timegm(&parts)
    }
}

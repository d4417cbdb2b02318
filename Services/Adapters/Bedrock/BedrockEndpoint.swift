internal import AdapterKit
internal import JSON
internal import SignatureV4

/// The URL of Bedrock's runtime, and the credentials for it. The configuration keys are those of MLflow's gateway.
struct BedrockEndpoint: Sendable {
    private let scheme: String
    /// As in the `Host` header: with the port unless it is the scheme's default.
    private let host: String
    /// The prefix of an operation's path: empty, or with a leading slash.
    private let basePath: String
    private let region: String
    private let credentials: BedrockCredentials

    /// - Parameter configuration: the configuration of an endpoint, with the member `aws_config`.
    init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        guard let keys = configuration.config["aws_config"]?.objectValue else {
            throw .misconfigured("'aws_config' must be an object")
        }
        var configuration = configuration
        configuration.config = keys
        credentials = try BedrockCredentials(configuration)
        region = try configuration.requiredString("aws_region")
        guard region.utf8.allSatisfy(Self.isInRegion) else {
            throw .misconfigured("'aws_region' must be the name of a region, such as us-east-1")
        }
        let url = try configuration.baseURL("aws_endpoint_url", default: Self.amazonURL(region))
        (scheme, host, basePath) = try Self.split(url)
    }

    /// A signed request for an operation.
    func request(
        _ operation: String, of model: ModelID, body: JSONObject, for call: borrowing AdapterCall
    ) throws(AdapterError) -> ProviderRequest {
        let path = "\(basePath)/model/\(model.pathComponent)/\(operation)"
        var request = ProviderRequest("\(scheme)://\(host)\(path)", headers: [], body: body)
        switch try credentials.resolved(for: call) {
        case .bearer(let token): request.headers.append(HTTPHeader("authorization", "Bearer \(token)"))
        case .accessKeys(let credentials):
            let signer = SignatureV4(credentials: credentials, region: region, service: "bedrock", pathStyle: .doubleEncoded)
            let toSign = SignatureV4.Request(
                method: request.method, path: path, headers: [("host", host)] + request.headers.map { ($0.name, $0.value) })
            let signed = signer.headers(signing: toSign, payloadHash: SignatureV4.hash(request.body), at: call.time)
            request.headers += signed.map { HTTPHeader($0.name.lowercased(), $0.value) }
        case .perCall(let missing): throw .misconfigured("\(missing)")
        }
        return request
    }

    private static func amazonURL(_ region: String) -> String {
        "https://bedrock-runtime.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
    }

    private static func split(_ url: String) throws(AdapterError) -> (scheme: String, host: String, path: String) {
        let scheme = url.hasPrefix("https://") ? "https" : "http"
        let rest = url.dropFirst(scheme.count + 3)
        var host = rest.prefix { $0 != "/" }.lowercased()
        let standardPort = scheme == "https" ? ":443" : ":80"
        if host.hasSuffix(standardPort) { host.removeLast(standardPort.count) }
        let segments = rest.drop { $0 != "/" }.split(separator: "/")
        guard !host.isEmpty, !host.contains("@"), !segments.contains(where: { [".", ".."].contains($0) }) else {
            throw .misconfigured("'aws_endpoint_url' must have the form http(s)://HOST[:PORT][/PATH]")
        }
        return (scheme, host, segments.map { "/" + $0 }.joined())
    }

    private static func isInRegion(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

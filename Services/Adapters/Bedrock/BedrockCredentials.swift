internal import AdapterKit
internal import JSON
internal import SignatureV4

/// By what one gets in: a key pair that requests are signed with, or an API key of Bedrock.
enum BedrockCredentials: Sendable {
    case accessKeys(AWSCredentials)
    case bearer(String)
    /// Nothing of it stands in the configuration: the host passes it in with each call. The text says what is missing.
    case perCall(missing: String)

    /// - Parameter configuration: of the keys in `aws_config`.
    init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        let id = try configuration.string("aws_access_key_id")
        let secret = try configuration.string("aws_secret_access_key")
        let token = try configuration.string("aws_session_token")
        if let bearer = try configuration.string("aws_bearer_token") {
            guard id == nil, secret == nil else {
                throw .misconfigured("'aws_bearer_token' and 'aws_access_key_id' exclude each other")
            }
            self = .bearer(bearer)
        } else if try configuration.string("aws_role_arn") != nil {
            // A key pair beside it is the one that takes on the role, and not the role's.
            if let length = configuration.config["session_length_seconds"], length != .null, (length.integerValue ?? 0) < 1 {
                throw .misconfigured("'session_length_seconds' must be a whole number of seconds")
            }
            self = .perCall(
                missing: "'aws_role_arn' needs credentials of the role that are passed in with each call, and there are none: "
                    + "use 'aws_access_key_id' and 'aws_secret_access_key', or 'aws_bearer_token'")
        } else if let id, let secret {
            self = .accessKeys(AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token))
        } else if id != nil || secret != nil {
            throw .misconfigured("'\(id == nil ? "aws_access_key_id" : "aws_secret_access_key")' is missing")
        } else {
            self = .perCall(
                missing: "there are no AWS credentials: 'aws_config' must have 'aws_access_key_id' and 'aws_secret_access_key', "
                    + "or 'aws_bearer_token'")
        }
    }

    /// What a call is made with: what the configuration has, or what the host passes in.
    func resolved(for call: borrowing AdapterCall) throws(AdapterError) -> BedrockCredentials {
        guard case .perCall(let missing) = self else { return self }
        // They are checked like those of a configuration.
        let passed = EndpointConfiguration(provider: "", model: "", config: try call.credentials())
        if let id = try passed.string("access_key_id"), let secret = try passed.string("secret_access_key") {
            let token = try passed.string("session_token")
            return .accessKeys(AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token))
        }
        guard let token = try passed.string("token") else { throw .misconfigured("\(missing)") }
        return .bearer(token)
    }
}

internal import AdapterKit
internal import JSON
internal import SignatureV4

/// The credentials for Bedrock: access keys that sign requests, or a Bedrock API key.
enum BedrockCredentials: Sendable {
    case accessKeys(AWSCredentials)
    case bearer(String)
    /// The configuration contains no credentials: the host must pass them in with each call. `missing` is the error message if it doesn't.
    case perCall(missing: String)

    /// - Parameter configuration: the keys in `aws_config`.
    init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        let id = try configuration.string("aws_access_key_id")
        let secret = try configuration.string("aws_secret_access_key")
        let token = try configuration.string("aws_session_token")
        if let bearer = try configuration.string("aws_bearer_token") {
            guard id == nil, secret == nil else {
                throw .misconfigured("'aws_bearer_token' can't be combined with 'aws_access_key_id' or 'aws_secret_access_key'")
            }
            self = .bearer(bearer)
        } else if try configuration.string("aws_role_arn") != nil {
            // Access keys in the same configuration are the ones that assume the role, not the role's own.
            if let length = configuration.config["session_length_seconds"], length != .null, (length.integerValue ?? 0) < 1 {
                throw .misconfigured("'session_length_seconds' must be a positive integer")
            }
            self = .perCall(
                missing: "'aws_role_arn' requires the role's credentials to be passed in with each call, but there are none: "
                    + "use 'aws_access_key_id' and 'aws_secret_access_key', or 'aws_bearer_token'")
        } else if let id, let secret {
            self = .accessKeys(AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token))
        } else if id != nil || secret != nil {
            throw .misconfigured("'\(id == nil ? "aws_access_key_id" : "aws_secret_access_key")' is missing")
        } else {
            self = .perCall(
                missing: "there are no AWS credentials: 'aws_config' must contain 'aws_access_key_id' and 'aws_secret_access_key', "
                    + "or 'aws_bearer_token'")
        }
    }

    /// The credentials of a call: those in the configuration, or those that the host passes in.
    func resolved(for call: borrowing AdapterCall) throws(AdapterError) -> BedrockCredentials {
        guard case .perCall(let missing) = self else { return self }
        // They are validated like those of a configuration.
        let passed = EndpointConfiguration(provider: "", model: "", config: try call.credentials())
        if let id = try passed.string("access_key_id"), let secret = try passed.string("secret_access_key") {
            let token = try passed.string("session_token")
            return .accessKeys(AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token))
        }
        guard let token = try passed.string("token") else { throw .misconfigured("\(missing)") }
        return .bearer(token)
    }
}

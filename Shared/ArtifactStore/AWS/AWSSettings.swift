import FoundationEssentials
package import SignatureV4

/// Credentials and region, found where every AWS tool looks for them: the environment first, then the profile in the
/// shared files.
package struct AWSSettings: Sendable {
    package let credentials: AWSCredentials
    package let region: String

    /// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION` and `AWS_DEFAULT_REGION`;
    /// for what they leave open the profile `AWS_PROFILE` in `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE`.
    ///
    /// Reads files; meant for start-up. Throws an `unavailable` ``ArtifactError`` when there are no credentials. The
    /// region is us-east-1, the one that knows every bucket, when none is given.
    package init(environment: [String: String]) throws(ArtifactError) {
        let environment = environment.filter { !$0.value.isEmpty }
        let name = environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"] ?? "default"
        let profile = Self.profile(named: name, environment: environment)

        if let id = environment["AWS_ACCESS_KEY_ID"], let secret = environment["AWS_SECRET_ACCESS_KEY"] {
            credentials = AWSCredentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: environment["AWS_SESSION_TOKEN"])
        } else if let id = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] {
            credentials = AWSCredentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: profile["aws_session_token"])
        } else {
            throw ArtifactError(
                .unavailable,
                "There are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or put the profile "
                    + "'\(name)' into the file that AWS_SHARED_CREDENTIALS_FILE names (~/.aws/credentials by default)")
        }
        region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? profile["region"] ?? "us-east-1"
    }

    /// The profile's keys in both files; the credentials file wins.
    private static func profile(named name: String, environment: [String: String]) -> [String: String] {
        let folder = environment["HOME"].map { $0 + "/.aws/" }
        let config = environment["AWS_CONFIG_FILE"] ?? folder.map { $0 + "config" }
        let credentials = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? folder.map { $0 + "credentials" }
        // In the config file all profiles but the default one are called `[profile NAME]`.
        let configSection = name == "default" ? name : "profile " + name
        return section(configSection, ofFile: config)
            .merging(section(name, ofFile: credentials)) { _, credentials in credentials }
    }

    /// Empty when there is no such file: then the environment has to suffice.
    private static func section(_ name: String, ofFile path: String?) -> [String: String] {
        guard let path, let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [:] }
        return INIFile(text).sections[name] ?? [:]
    }
}

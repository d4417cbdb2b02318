import FoundationEssentials
package import SignatureV4

/// AWS credentials and region from the standard sources: the environment first, then the profile in the shared files.
package struct AWSSettings: Sendable {
    package let credentials: AWSCredentials
    package let region: String

    /// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION` and `AWS_DEFAULT_REGION`, and for missing ones
    /// the profile `AWS_PROFILE` in `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE`.
    ///
    /// Blocks to read files; call it at startup. The default region is us-east-1, which can locate every bucket.
    ///
    /// - Throws: `unavailable` when there are no credentials.
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
                "AWS credentials are missing. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or add the profile "
                    + "'\(name)' to the file in AWS_SHARED_CREDENTIALS_FILE (default: ~/.aws/credentials).")
        }
        region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? profile["region"] ?? "us-east-1"
    }

    /// The profile's keys in both files. The credentials file takes precedence.
    private static func profile(named name: String, environment: [String: String]) -> [String: String] {
        let directory = environment["HOME"].map { $0 + "/.aws/" }
        let config = environment["AWS_CONFIG_FILE"] ?? directory.map { $0 + "config" }
        let credentials = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? directory.map { $0 + "credentials" }
        // In the config file, all profiles except the default one are named `[profile NAME]`.
        let configSection = name == "default" ? name : "profile " + name
        return section(configSection, ofFile: config)
            .merging(section(name, ofFile: credentials)) { _, credentials in credentials }
    }

    /// The keys of a section; empty when the file doesn't exist.
    private static func section(_ name: String, ofFile path: String?) -> [String: String] {
        guard let path, let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [:] }
        return INIFile(text).sections[name] ?? [:]
    }
}

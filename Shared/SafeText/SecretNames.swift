/// The names of members, headers and parameters whose values are secret.
package enum SecretNames {
    /// The default names in lower case, with underscores. Names that end in one of these are secret too: `openai_api_key`, `x-api-key`,
    /// `dbPassword`.
    package static let defaults: Set<String> = [
        "api_key", "apikey", "authorization", "password", "passwd", "passphrase", "secret", "client_secret", "secret_key", "secret_token",
        "access_token", "refresh_token", "auth_token", "id_token", "session_token", "security_token", "bearer_token", "private_key",
        "access_key", "access_key_id", "secret_access_key", "aws_secret_access_key", "aws_session_token", "subscription_key",
        "connection_string", "cookie",
    ]

    /// Whether the value of a name is secret.
    ///
    /// - Parameter names: the secret names in lower case.
    package static func contains(_ name: String, in names: Set<String>) -> Bool {
        if names.contains(name.lowercased()) { return true }
        var rest = normalized(name)[...]
        while true {
            if names.contains(String(rest)) { return true }
            guard let separator = rest.firstIndex(of: "_") else { return false }
            rest = rest[rest.index(after: separator)...]
        }
    }

    /// Whether it is the name of a header whose value is always secret, even if it is a plain word.
    static func isHeader(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasSuffix("authorization") || isCookie(name) || name == "api-key" || name.hasPrefix("x-") && name.hasSuffix("key")
    }

    static func isCookie(_ name: String) -> Bool { name.lowercased().hasSuffix("cookie") }

    /// Whether a member contains the name of a value in another member: `{"name": "x-api-key", "value": "…"}`.
    static func isLabel(_ name: String) -> Bool { ["name", "key", "header", "field", "variable", "env"].contains(name.lowercased()) }

    static func isValue(_ name: String) -> Bool { ["value", "values", "val"].contains(name.lowercased()) }

    /// The name in snake case: `X-Api-Key` and `xApiKey` become `x_api_key`.
    private static func normalized(_ name: String) -> String {
        var normalized = ""
        var wasLower = false
        for character in name.unicodeScalars {
            let isUpper = ("A"..."Z").contains(character)
            if isUpper, wasLower { normalized += "_" }
            wasLower = ("a"..."z").contains(character) || ("0"..."9").contains(character)
            switch character {
            case "-", ".", " ": normalized += "_"
            default: normalized += character.properties.lowercaseMapping
            }
        }
        return normalized
    }
}

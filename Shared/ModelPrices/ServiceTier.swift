/// The names of service tiers in the providers' requests and responses.
package enum ServiceTier {
    /// The names of the default tier: of OpenAI and Bedrock, of Anthropic and Gemini, of Groq, and in requests to Anthropic.
    private static let standard: Set<String> = ["default", "standard", "on_demand", "standard_only"]

    /// Tiers that serve only requests that name them: `fast` is Anthropic's fast mode.
    static let onRequest: Set<String> = ["flex", "fast"]

    /// Whether the name is that of the default tier.
    package static func isStandard(_ name: String) -> Bool { name.isEmpty || standard.contains(name.lowercased()) }

    /// Whether the provider chooses the tier of a request with this name.
    package static func isAutomatic(_ name: String) -> Bool { name == "auto" }
}

/// Names of service tiers, as requests and responses of the providers have them.
package enum ServiceTier {
    /// The tier whose price is the model's own: OpenAI's and Bedrock's name, Anthropic's and Gemini's, Groq's, and what requests to
    /// Anthropic say for it.
    private static let standard: Set<String> = ["default", "standard", "on_demand", "standard_only"]

    /// Tiers that a provider chooses for no request that doesn't ask for them: fast mode is one of Anthropic's speeds.
    static let onRequest: Set<String> = ["flex", "fast"]

    /// Whether a tier has the model's own price.
    package static func isStandard(_ name: String) -> Bool { name.isEmpty || standard.contains(name.lowercased()) }

    /// Whether a request with this tier leaves the choice to the provider.
    package static func isAutomatic(_ name: String) -> Bool { name == "auto" }
}

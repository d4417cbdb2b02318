/// The properties of a request that affect the price of its tokens.
package struct PricingOptions: Sendable, Equatable {
    /// The service tier that may serve a request.
    package enum Tier: Sendable, Equatable {
        /// The default tier.
        case standard
        /// The requested tier or the default tier.
        case named(String)
        /// The tier configured at the provider.
        case automatic
    }

    package var tier = Tier.standard
    /// The requested `inference_geo`; `nil` for the one configured at the provider.
    package var inferenceGeo: String?
    package var hasAudioInput = false
    package var hasAudioOutput = false

    package init() {}
}

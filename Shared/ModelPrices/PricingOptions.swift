/// What a request says that changes the price of its tokens.
package struct PricingOptions: Sendable, Equatable {
    /// Which service tier may serve a request.
    package enum Tier: Sendable, Equatable {
        /// The default one.
        case standard
        /// The one that the request asks for, or the default one.
        case named(String)
        /// Whatever the settings at the provider say.
        case automatic
    }

    package var tier = Tier.standard
    /// Where the request wants to be computed; `nil`: where the settings at the provider say.
    package var inferenceGeo: String?
    package var hasAudioInput = false
    package var hasAudioOutput = false

    package init() {}
}

/// The providers with special handling in MLflow 2.5.
enum MLflow25Provider {
    case openAI, anthropic, cohere
    /// A provider without special handling.
    case other

    /// - Parameter name: the `provider` of the configuration.
    init(_ name: String) {
        self =
            switch name.lowercased() {
            case "openai", "azure", "azuread": .openAI
            case "anthropic": .anthropic
            case "cohere": .cohere
            default: .other
            }
    }

    /// The factor for a temperature from 0 to 1. Cohere's temperatures used to range to 5; its adapter clamps values beyond today's
    /// maximum, so that temperatures up to 0.2 behave as before.
    var temperatureScale: Double {
        switch self {
        case .openAI: 2
        case .cohere: 5
        case .anthropic, .other: 1
        }
    }
}

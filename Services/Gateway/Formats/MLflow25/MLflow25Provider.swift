/// The providers that MLflow 2.5 treats each in its own way.
enum MLflow25Provider {
    case openAI, anthropic, cohere
    /// One that MLflow 2.5 doesn't know.
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

    /// What a temperature from 0 to 1 is multiplied by. Cohere's went to 5 then; its adapter takes what is too hot for the API of
    /// today as hot as it gets, so that up to 0.2 a model is as warm as it was.
    var temperatureScale: Double {
        switch self {
        case .openAI: 2
        case .cohere: 5
        case .anthropic, .other: 1
        }
    }
}

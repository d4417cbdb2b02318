/// The paths of the providers:
/// - `/openai/v1/{chat/completions,completions,embeddings,responses,models}`, and `/mistral/v1/…`, which is like OpenAI except that
///   streams always contain the usage
/// - `/azure/openai/deployments/{deployment}/{chat/completions,completions,embeddings}?api-version=…`,
///   `/azure/openai/responses?api-version=…` and `/azure/openai/v1/…`
/// - `/anthropic/v1/messages`
/// - `/cohere/v2/{chat,embed}`
/// - `/gemini/{v1,v1beta}/models/{model}:{generateContent,streamGenerateContent,embedContent,batchEmbedContents}`
/// - `/ai21/studio/v1/chat/completions`, `/ai21/studio/v1/{model}/complete`
/// - `/mosaicml/{model}/v1/predict`
/// - `/tgi/{generate,generate_stream}`, `/tgi/v1/chat/completions`
/// - `/mlflow/invocations`, for texts, and `/mlflow/embeddings/invocations`
/// - `/bedrock/model/{model}/{converse,converse-stream,invoke,invoke-with-response-stream}`
struct Router {
    private let formats: [(prefix: String, format: any ProviderFormat)]

    init(_ credentials: Credentials) {
        formats = [
            ("/openai/v1/", OpenAIFormat(.openAI, credentials)),
            ("/azure/openai/", OpenAIFormat(.azure, credentials)),
            ("/mistral/v1/", OpenAIFormat(.mistral, credentials)),
            ("/anthropic/v1/", AnthropicFormat(credentials)),
            ("/cohere/v2/", CohereFormat(credentials)),
            ("/gemini/v1beta/models/", GeminiFormat(credentials)),
            ("/gemini/v1/models/", GeminiFormat(credentials)),
            ("/ai21/studio/v1/", AI21Format(credentials)),
            ("/mosaicml/", MosaicMLFormat(credentials)),
            ("/tgi/", TGIFormat(credentials)),
            ("/mlflow/", MLflowServingFormat()),
            ("/bedrock/model/", BedrockFormat(credentials)),
        ]
    }

    /// The provider of a path, and the path after its prefix.
    func format(for path: Substring) -> (format: any ProviderFormat, rest: Substring)? {
        for (prefix, format) in formats where path.hasPrefix(prefix) { return (format, path.dropFirst(prefix.count)) }
        return nil
    }
}

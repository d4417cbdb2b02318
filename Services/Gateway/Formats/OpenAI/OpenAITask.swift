/// What an OpenAI-shaped request asks for.
package enum OpenAITask: String, Sendable, CaseIterable {
    case chat, completions, embeddings, responses
}

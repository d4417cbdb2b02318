/// The task of an OpenAI-style request.
package enum OpenAITask: String, Sendable, CaseIterable {
    case chat, completions, embeddings, responses
}

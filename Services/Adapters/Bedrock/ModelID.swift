internal import AdapterKit
internal import JSON
internal import Primitives
internal import SignatureV4

/// Bedrock's ID of a model: `anthropic.claude-v2:1`, `us.meta.llama3-3-70b-instruct-v1:0`, or the ARN of a model, an inference profile,
/// a provisioned throughput and the like.
struct ModelID: Sendable {
    /// The model families with a supported InvokeModel format.
    enum Family: Sendable {
        case claude, titanText, titanEmbeddings, llama, cohereEmbeddings
        /// Another vendor, or another kind of model.
        case other
    }

    let text: String
    /// `nil` if the ID doesn't indicate the family, for example that of a provisioned throughput.
    let family: Family?
    /// The ID, percent-encoded for a URL.
    var pathComponent: String { PercentEncoding.encode(text) }

    init(_ text: String) throws(AdapterError) {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), ![".", ".."].contains(text) else {
            throw .misconfigured("'\(text)' is not a valid model name")
        }
        self.text = text
        family = text.split(separator: "/").lazy.compactMap(Self.family).first
    }

    /// The family of `[REGION.]VENDOR.MODEL`.
    private static func family(_ name: Substring) -> Family? {
        let parts = name.split(separator: ".")
        guard let makerIndex = parts.prefix(2).firstIndex(where: { makers.contains(String($0)) }), makerIndex + 1 < parts.count
        else { return nil }
        let model = parts[(makerIndex + 1)...].joined(separator: ".")
        return switch parts[makerIndex] {
        case "anthropic": .claude
        case "amazon" where model.hasPrefix("titan-embed"): .titanEmbeddings
        case "amazon" where model.hasPrefix("titan-t"): .titanText  // titan-text-…, titan-tg1-…
        case "cohere" where model.hasPrefix("embed"): .cohereEmbeddings
        case "meta" where model.hasPrefix("llama"): .llama
        default: .other
        }
    }

    private static let makers: Set<String> = [
        "ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "luma", "meta", "minimax", "mistral", "moonshot", "nvidia",
        "openai", "qwen", "stability", "twelvelabs", "writer", "zai",
    ]
}

internal import Database
internal import SearchFilter
internal import WireProtocol

/// MLflow's rule for searches: prompts are found only by who asks for them.
struct PromptScope {
    /// Whether prompts are left out.
    let hidesPrompts: Bool
    /// The comparisons that are left to satisfy.
    let comparisons: [Comparison]

    init(_ comparisons: [Comparison]) {
        hidesPrompts = !(comparisons.first(where: Self.isAboutPrompts).map(Self.asksForPrompts) ?? false)
        // "Is no prompt" must match models that don't have the tag at all, unlike any other tag.
        self.comparisons = hidesPrompts ? comparisons.filter { !Self.isAboutPrompts($0) } : comparisons
    }

    /// What the row of a tag satisfies that makes its owner a prompt.
    static let promptTag: SQL = "key = 'mlflow.prompt.is_prompt' AND substr(value, 1, 200) = 'true'"

    private static func isAboutPrompts(_ comparison: Comparison) -> Bool {
        comparison.entity == .tag && comparison.key == PromptTag.isPrompt
    }

    private static func asksForPrompts(_ comparison: Comparison) -> Bool {
        guard case .string(let value) = comparison.literal else { return false }
        return switch comparison.operator {
        case .equal: value.lowercased() == "true"
        case .notEqual: value.lowercased() == "false"
        default: false
        }
    }
}

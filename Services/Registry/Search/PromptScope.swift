internal import Database
internal import SearchFilter
internal import WireProtocol

/// Hides prompts from a search unless its filter asks for them, as MLflow does.
struct PromptScope {
    /// Whether the search leaves prompts out.
    let hidesPrompts: Bool
    /// The remaining comparisons.
    let comparisons: [Comparison]

    init(_ comparisons: [Comparison]) {
        hidesPrompts = !(comparisons.first(where: Self.isAboutPrompts).map(Self.asksForPrompts) ?? false)
        // Unlike with other tags, `!= 'true'` must also match models without the tag, so `hidesPrompts` replaces the comparison.
        self.comparisons = hidesPrompts ? comparisons.filter { !Self.isAboutPrompts($0) } : comparisons
    }

    /// The condition on the row of a tag that marks its owner as a prompt.
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

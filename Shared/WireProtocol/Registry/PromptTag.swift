/// Tags with a meaning to the registry.
package enum PromptTag {
    /// Its value `true`, in any case, makes a registered model a prompt.
    package static let isPrompt = "mlflow.prompt.is_prompt"
    /// The text of a prompt's version.
    package static let text = "mlflow.prompt.text"

    /// Whether tags make their owner a prompt; of two with one key the later counts.
    package static func indicatesPrompt(_ tags: [KeyValue]) -> Bool {
        tags.last { $0.key == isPrompt }?.value.lowercased() == "true"
    }
}

package enum LoggedModelTag {
    /// The versions that were registered from a logged model: a JSON list of `{"name": …, "version": N}`.
    package static let modelVersions = "mlflow.modelVersions"
}

/// Tags of prompts.
package enum PromptTag {
    /// The tag that makes a registered model a prompt if its value is `true`, ignoring case.
    package static let isPrompt = "mlflow.prompt.is_prompt"
    /// The tag with the text of a prompt version.
    package static let text = "mlflow.prompt.text"

    /// Whether the tags belong to a prompt. If a key is repeated, the last tag wins.
    package static func indicatesPrompt(_ tags: [KeyValue]) -> Bool {
        tags.last { $0.key == isPrompt }?.value.lowercased() == "true"
    }
}

/// Tags of logged models.
package enum LoggedModelTag {
    /// The tag with the model versions registered from a logged model: a JSON array of `{"name": …, "version": N}`.
    package static let modelVersions = "mlflow.modelVersions"
}

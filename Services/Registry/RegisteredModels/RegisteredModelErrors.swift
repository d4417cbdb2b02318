internal import SearchFilter
internal import WireProtocol

extension ServiceError {
    static func registeredModelNotFound(_ name: String) -> ServiceError { .doesNotExist("Registered Model with name=\(name) not found") }

    /// The error for a name that is already taken. Models and prompts share one namespace.
    ///
    /// - Parameters:
    ///   - tags: tags of the existing model.
    ///   - newTags: tags of the model to be created.
    static func registeredModelExists(_ name: String, with tags: [KeyValue], newTags: [KeyValue]) -> ServiceError {
        let (old, new) = (kind(of: tags), kind(of: newTags))
        guard old != new else { return ServiceError(.resourceAlreadyExists, "\(new) (name=\(name)) already exists.") }
        return ServiceError(
            .resourceAlreadyExists,
            "Tried to create a \(new.lowercased()) with name \(PythonRepr.quoted(name)), but the name is already taken by a"
                + " \(old.lowercased()). MLflow does not allow creating a model and a prompt with the same name.")
    }

    /// Like MLflow, this checks only that the tag exists, not its value.
    private static func kind(of tags: [KeyValue]) -> String {
        tags.contains { $0.key == PromptTag.isPrompt } ? "Prompt" : "Registered Model"
    }
}

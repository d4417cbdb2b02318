internal import AdapterHost
internal import JSON

/// The properties of a provider that its configuration is checked against.
struct ProviderDescriptor: Sendable {
    var name: String
    var tasks: [AdapterTask]
    /// The tasks for which it supports streaming.
    var streams: [AdapterTask]
    /// Whether the model's name is optional.
    var servesOneModel: Bool
    var configKeys: Set<String>
    var secretKeys: Set<String>
}

extension AdapterCatalog {
    /// Returns the descriptor of a provider; `nil` if no adapter is loaded for it.
    func descriptor(of provider: String) -> ProviderDescriptor? {
        guard let description = self[provider]?.providers.first(where: { $0["name"]?.stringValue == provider }) else { return nil }
        let keys = description["config"]?.arrayValue ?? []
        func names(where condition: (JSONValue) -> Bool) -> Set<String> {
            Set(keys.filter(condition).compactMap { $0["name"]?.stringValue })
        }
        func tasks(_ member: String) -> [AdapterTask] {
            (description[member]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(AdapterTask.init) }
        }
        return ProviderDescriptor(
            name: provider, tasks: tasks("tasks"), streams: tasks("streams"),
            servesOneModel: description["serves_one_model"]?.boolValue == true,
            configKeys: names { _ in true },
            // Any member of an object may be a secret.
            secretKeys: names { $0["secret"]?.boolValue == true || $0["type"]?.stringValue == "object" })
    }
}

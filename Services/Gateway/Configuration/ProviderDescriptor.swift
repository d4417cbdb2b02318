internal import JSON
internal import PluginHost

/// What a configuration must know of a provider.
struct ProviderDescriptor: Sendable {
    var name: String
    var tasks: [AdapterTask]
    /// The tasks of which it has streams.
    var streams: [AdapterTask]
    /// Whether a model's name may be left out.
    var servesOneModel: Bool
    var configKeys: Set<String>
    var secretKeys: Set<String>
}

extension AdapterCatalog {
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
            name: provider, tasks: tasks("tasks"), streams: tasks("streams"), servesOneModel: description["serves_one_model"]?.boolValue == true,
            configKeys: names { _ in true },
            // Of an object, any member may be one.
            secretKeys: names { $0["secret"]?.boolValue == true || $0["type"]?.stringValue == "object" })
    }
}

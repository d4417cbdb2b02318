internal import PluginABI

/// The loaded adapters, and the rejected plugins.
package struct AdapterCatalog: Sendable {
    /// A plugin that was not loaded.
    package struct RejectedPlugin: Sendable, Equatable {
        /// The path of its manifest.
        package var manifest: String
        package var reason: String
    }

    package private(set) var adapters: [LoadedAdapter] = []
    package private(set) var rejected: [RejectedPlugin] = []
    private var byProvider: [String: LoadedAdapter] = [:]

    /// Loads the adapters in the directories: reads each manifest, loads its library, and runs its self-test. Rejects an adapter if another
    /// one already has its name or serves one of its providers.
    package init(folders: [String]) {
        for path in folders.flatMap(PluginManifest.paths) {
            do {
                let manifest = try PluginManifest(path: path)
                guard manifest.kind == "adapter" else { continue }
                guard manifest.abi == Self.abi else {
                    throw PluginError(
                        "it was built for version \(manifest.abi) of the interface, but this program supports version \(Self.abi)")
                }
                if let other = adapters.first(where: { $0.manifest.name == manifest.name }) {
                    throw PluginError("another adapter has the same name: \(other.manifest.library)")
                }
                let adapter = try LoadedAdapter(manifest)
                for name in adapter.providerNames {
                    if let other = byProvider[name] {
                        throw PluginError("the adapter \(other.manifest.name) already serves the provider '\(name)'")
                    }
                }
                if let vectors = manifest.vectors { try AdapterSelfTest(path: vectors).run(on: adapter) }
                adapters.append(adapter)
                for name in adapter.providerNames { byProvider[name] = adapter }
            } catch {
                rejected.append(RejectedPlugin(manifest: path, reason: "\(error)"))
            }
        }
    }

    private static let abi = Int64(UNLADEN_ADAPTER_ABI)

    /// The adapter that serves a provider.
    package subscript(provider: String) -> LoadedAdapter? { byProvider[provider] }
}

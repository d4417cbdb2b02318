internal import PluginABI

/// The adapters that were found, and those that were rejected.
package struct AdapterCatalog: Sendable {
    /// A plugin that doesn't fit.
    package struct RejectedPlugin: Sendable, Equatable {
        /// The path of its manifest.
        package var manifest: String
        package var reason: String
    }

    package private(set) var adapters: [LoadedAdapter] = []
    package private(set) var rejected: [RejectedPlugin] = []
    private var byProvider: [String: LoadedAdapter] = [:]

    /// Loads what is in the folders: reads each manifest, loads its library, and runs its self-test. Of two adapters for one
    /// provider, or with one name, the first counts and the second is rejected.
    package init(folders: [String]) {
        for path in folders.flatMap(PluginManifest.paths) {
            do {
                let manifest = try PluginManifest(path: path)
                guard manifest.kind == "adapter" else { continue }
                guard manifest.abi == Self.abi else {
                    throw PluginError("it was built for version \(manifest.abi) of the interface, and this program has \(Self.abi)")
                }
                if let other = adapters.first(where: { $0.manifest.name == manifest.name }) {
                    throw PluginError("there is an adapter of that name already: \(other.manifest.library)")
                }
                let adapter = try LoadedAdapter(manifest)
                for name in adapter.providerNames {
                    if let other = byProvider[name] { throw PluginError("'\(name)' is a provider of \(other.manifest.name) already") }
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

    /// The adapter for a provider.
    package subscript(provider: String) -> LoadedAdapter? { byProvider[provider] }
}

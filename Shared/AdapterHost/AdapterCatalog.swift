package import PluginHost

/// The loaded adapters, and the rejected ones.
package struct AdapterCatalog: Sendable {
    private let catalog: PluginCatalog<LoadedAdapter>
    private let byProvider: [String: LoadedAdapter]

    /// Loads the adapters in the directories and runs their self-tests. Rejects an adapter if another one already has its name or serves
    /// one of its providers.
    package init(directories: [String]) {
        var byProvider: [String: LoadedAdapter] = [:]
        catalog = PluginCatalog(of: LoadedAdapter.interface, in: directories) { manifest in
            let adapter = try LoadedAdapter(manifest)
            for name in adapter.providerNames {
                if let other = byProvider[name] {
                    throw PluginError("the adapter \(other.manifest.name) already serves the provider '\(name)'")
                }
            }
            try adapter.runSelfTest()
            for name in adapter.providerNames { byProvider[name] = adapter }
            return adapter
        }
        self.byProvider = byProvider
    }

    package var adapters: [LoadedAdapter] { catalog.plugins }
    package var rejected: [RejectedPlugin] { catalog.rejected }

    /// The adapter that serves a provider.
    package subscript(provider: String) -> LoadedAdapter? { byProvider[provider] }
}

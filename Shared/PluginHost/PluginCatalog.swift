/// The loaded plugins of a kind, and the rejected ones.
package struct PluginCatalog<Plugin: Sendable>: Sendable {
    /// The loaded plugins, in the order of their manifests.
    package private(set) var plugins: [Plugin] = []
    package private(set) var rejected: [RejectedPlugin] = []

    /// Finds the manifests of a kind in the directories and in their direct subdirectories, and loads their plugins. A plugin that is
    /// incompatible, has the name of another one, or fails to load is rejected; the others are not affected.
    ///
    /// - Parameter load: creates a plugin from its manifest, as the kind requires: usually with `PluginInterface.load`, and
    ///   with `PluginSelfTest.run` before or afterwards. It throws a `PluginError` to reject the plugin.
    package init<Table>(of interface: PluginInterface<Table>, in directories: [String], load: (PluginManifest) throws -> Plugin) {
        var libraries: [String: String] = [:]
        for path in directories.flatMap(PluginManifest.paths) {
            do {
                guard let manifest = try PluginManifest(path: path, kind: interface.kind) else { continue }
                guard manifest.abi == Int64(interface.abi) else {
                    throw PluginError(
                        "it was built for version \(manifest.abi) of the interface, but this program supports version \(interface.abi)")
                }
                if let library = libraries[manifest.name] {
                    throw PluginError("another \(interface.kind) has the same name: \(library)")
                }
                plugins.append(try load(manifest))
                libraries[manifest.name] = manifest.library
            } catch {
                rejected.append(RejectedPlugin(manifest: path, reason: "\(error)"))
            }
        }
    }
}

/// A plugin that was not loaded.
package struct RejectedPlugin: Sendable, Equatable {
    /// The path of its manifest.
    package var manifest: String
    package var reason: String
}

package import JSON
internal import PluginABI
package import PluginHost

/// An adapter in a loaded library.
package final class LoadedAdapter: @unchecked Sendable {
    // `@unchecked`: the table never changes, and its functions may be called on any thread.
    package let manifest: PluginManifest
    /// The descriptions of its providers: see `describe` in `unladen_adapter.h`.
    package let providers: [JSONValue]
    let table: UnsafePointer<unladen_adapter>

    /// The interface of `unladen_adapter.h`.
    static let interface = PluginInterface<unladen_adapter>(
        kind: "adapter", abi: UInt32(UNLADEN_ADAPTER_ABI), symbol: UNLADEN_ADAPTER_SYMBOL, first: \.describe, last: \.close_stream)

    /// Loads a library and calls `describe`.
    init(_ manifest: PluginManifest) throws {
        self.manifest = manifest
        table = try Self.interface.load(manifest)
        providers = try Self.providers(table)
    }

    private static func providers(_ table: UnsafePointer<unladen_adapter>) throws -> [JSONValue] {
        let output = PluginOutput()
        let status = output.collect { table.pointee.describe($0) }
        guard PluginFailureKind(status) == nil else { throw PluginError("describe failed: \(output.message.excerpt())") }
        guard let bytes = output.value(Int(UNLADEN_OUT_DESCRIPTION)), let json = try? JSONValue(parsing: bytes),
            let providers = json["providers"]?.arrayValue, !providers.isEmpty,
            providers.allSatisfy({ $0["name"]?.stringValue != nil && $0["tasks"]?.arrayValue != nil })
        else { throw PluginError("the adapter's description names no provider") }
        return providers
    }

    /// Runs the vectors of its self-test, if it has any. Feeds each stream at once, and byte by byte.
    ///
    /// - Throws: `PluginError` for the first vector that fails.
    func runSelfTest() throws {
        guard let path = manifest.vectors else { return }
        try PluginSelfTest(path: path).run { try AdapterProbe($0, on: self).run(chunking: .coarse) }
    }

    /// The names of its providers.
    package var providerNames: [String] { providers.compactMap { $0["name"]?.stringValue } }

    /// Checks a configuration and creates an endpoint.
    package func endpoint(provider: String, model: String, config: JSONObject) throws(AdapterFailure) -> AdapterEndpoint {
        let configuration: JSONValue = ["provider": .string(provider), "model": .string(model), "config": .object(config)]
        return try AdapterEndpoint(self, configuration: configuration.jsonBytes())
    }
}

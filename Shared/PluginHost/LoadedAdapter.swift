package import JSON
internal import PluginABI
internal import Synchronization

/// An adapter whose library is loaded.
package final class LoadedAdapter: @unchecked Sendable {
    // `@unchecked`: the table never changes, and its functions may be called on any thread.
    package let manifest: PluginManifest
    /// What it says of its providers: see `describe` in `unladen_adapter.h`.
    package let providers: [JSONValue]
    let table: UnsafePointer<unladen_adapter>

    /// Loads a library, checks its table and asks it for its description.
    init(_ manifest: PluginManifest) throws {
        self.manifest = manifest
        let library = try PluginLibrary(path: manifest.library)
        let entry = unsafeBitCast(try library.symbol(UNLADEN_ADAPTER_SYMBOL), to: (@convention(c) () -> UnsafePointer<unladen_adapter>?).self)
        guard let table = entry() else { throw PluginError("the adapter says that it can't work here") }
        guard table.pointee.size >= UInt32(Self.minimumSize) else {
            throw PluginError("the adapter's table has \(table.pointee.size) bytes of \(Self.minimumSize)")
        }
        guard table.pointee.abi == UInt32(UNLADEN_ADAPTER_ABI) else {
            throw PluginError("the adapter's table is of version \(table.pointee.abi), and not \(UNLADEN_ADAPTER_ABI)")
        }
        guard Self.isComplete(table) else { throw PluginError("a function of the adapter's table is missing") }
        self.table = table
        providers = try Self.providers(table)
    }

    /// Up to the last function of the interface's first version; what was added later may be missing.
    private static var minimumSize: Int {
        (MemoryLayout<unladen_adapter>.offset(of: \.close_stream) ?? 0) + MemoryLayout<UInt>.size
    }

    private static func isComplete(_ table: UnsafePointer<unladen_adapter>) -> Bool {
        // A table from C may have null pointers where Swift expects none: they are looked at as numbers.
        let first = MemoryLayout<unladen_adapter>.offset(of: \.describe) ?? 8
        return stride(from: first, to: minimumSize, by: MemoryLayout<UInt>.size).allSatisfy {
            UnsafeRawPointer(table).load(fromByteOffset: $0, as: UInt.self) != 0
        }
    }

    private static func providers(_ table: UnsafePointer<unladen_adapter>) throws -> [JSONValue] {
        let output = PluginOutput()
        let status = output.collect { table.pointee.describe($0) }
        guard Int(status) == Int(UNLADEN_OK) else { throw PluginError("describe failed: \(AdapterFailure(status, output).message.excerpt())") }
        guard let bytes = output.value(Int(UNLADEN_OUT_DESCRIPTION)), let json = try? JSONValue(parsing: bytes),
            let providers = json["providers"]?.arrayValue, !providers.isEmpty,
            providers.allSatisfy({ $0["name"]?.stringValue != nil && $0["tasks"]?.arrayValue != nil })
        else { throw PluginError("the adapter's description names no provider") }
        return providers
    }

    /// The names of its providers.
    package var providerNames: [String] { providers.compactMap { $0["name"]?.stringValue } }

    /// Checks a configuration and makes an endpoint of it.
    package func endpoint(provider: String, model: String, config: JSONObject) throws(AdapterFailure) -> AdapterEndpoint {
        let configuration: JSONValue = ["provider": .string(provider), "model": .string(model), "config": .object(config)]
        return try AdapterEndpoint(self, configuration: configuration.jsonBytes())
    }
}

/// A model of a provider, as the configuration has it.
package final class AdapterEndpoint: @unchecked Sendable {
    // `@unchecked`: the adapter promises that calls don't change an endpoint.
    let adapter: LoadedAdapter
    let handle: OpaquePointer

    private struct RequestHead {
        var method: String
        var url: String
        var headers: [(name: String, value: String)]
    }

    private let lastHead = Mutex<(bytes: [UInt8], head: RequestHead)?>(nil)

    fileprivate init(_ adapter: LoadedAdapter, configuration: [UInt8]) throws(AdapterFailure) {
        let output = PluginOutput()
        var handle: OpaquePointer?
        let status = configuration.borrowed { bytes in output.collect { adapter.table.pointee.open_endpoint(bytes, $0, &handle) } }
        guard Int(status) == Int(UNLADEN_OK) else { throw AdapterFailure(status, output) }
        guard let handle else { throw AdapterFailure(.failed, "the adapter made no endpoint") }
        self.adapter = adapter
        self.handle = handle
    }

    deinit { adapter.table.pointee.close_endpoint(handle) }

    /// The request for the provider.
    package func encode(_ call: AdapterCall) throws(AdapterFailure) -> ProviderRequest {
        let output = PluginOutput()
        let status = call.withRaw { call in output.collect { adapter.table.pointee.encode(handle, call, $0) } }
        guard Int(status) == Int(UNLADEN_OK) else { throw AdapterFailure(status, output) }
        guard let bytes = output.value(Int(UNLADEN_OUT_REQUEST)) else { throw AdapterFailure(.failed, "the adapter made no request") }
        let head = try head(bytes)
        return ProviderRequest(method: head.method, url: head.url, headers: head.headers, body: output.value(Int(UNLADEN_OUT_BODY)) ?? [])
    }

    /// Takes a request's head apart, unless it is the one of the call before, as it is with most adapters.
    private func head(_ bytes: [UInt8]) throws(AdapterFailure) -> RequestHead {
        if let last = lastHead.withLock({ $0?.bytes == bytes ? $0?.head : nil }) { return last }
        let head = try Self.head(parsing: bytes)
        lastHead.withLock { $0 = (bytes, head) }
        return head
    }

    private static func head(parsing bytes: [UInt8]) throws(AdapterFailure) -> RequestHead {
        guard let head = try? JSONValue(parsing: bytes), let method = head["method"]?.stringValue, let url = head["url"]?.stringValue
        else { throw AdapterFailure(.failed, "the adapter made no request") }
        var headers: [(name: String, value: String)] = []
        for header in head["headers"]?.arrayValue ?? [] {
            guard let pair = header.arrayValue, pair.count == 2, let name = pair[0].stringValue, let value = pair[1].stringValue else {
                throw AdapterFailure(.failed, "a header of the adapter's request is not a pair")
            }
            // The value may be a secret: no error shows it.
            guard !name.isEmpty, Self.isPlain(name), Self.isPlain(value) else {
                throw AdapterFailure(.failed, "a header of the adapter's request has a control character")
            }
            headers.append((name, value))
        }
        return RequestHead(method: method, url: url, headers: headers)
    }

    private static func isPlain(_ text: String) -> Bool { !text.utf8.contains { $0 < 0x20 || $0 == 0x7F } }

    /// The response for the client, and what the provider says that was used.
    package func decode(
        _ response: ProviderResponse, of call: AdapterCall
    ) throws(AdapterFailure) -> (body: [UInt8], usage: TokenUsage?) {
        let output = PluginOutput()
        let status = call.withRaw { call in
            response.withRaw { response in output.collect { adapter.table.pointee.decode_answer(handle, call, response, $0) } }
        }
        guard Int(status) == Int(UNLADEN_OK) else { throw AdapterFailure(status, output) }
        guard let body = output.value(Int(UNLADEN_OUT_BODY)) else { throw AdapterFailure(.failed, "the adapter made no response") }
        return (body, output.usage)
    }

    /// The provider's error, from a response with another status than 2xx.
    package func decodeError(_ response: ProviderResponse, of call: AdapterCall) throws(AdapterFailure) -> ProviderError {
        let output = PluginOutput()
        let status = call.withRaw { call in
            response.withRaw { response in output.collect { adapter.table.pointee.decode_error(handle, call, response, $0) } }
        }
        guard Int(status) == Int(UNLADEN_OK) else { throw AdapterFailure(status, output) }
        guard let error = output.value(Int(UNLADEN_OUT_ERROR)).flatMap({ try? JSONValue(parsing: $0) }) else {
            throw AdapterFailure(.failed, "the adapter made no error")
        }
        return ProviderError(error)
    }

    /// A reader for the stream that answers the call.
    package func stream(of call: AdapterCall, head: ProviderResponse) throws(AdapterFailure) -> AdapterStream {
        let output = PluginOutput()
        var stream: OpaquePointer?
        let status = call.withRaw { call in
            head.withRaw { head in output.collect { adapter.table.pointee.open_stream(handle, call, head, $0, &stream) } }
        }
        guard Int(status) == Int(UNLADEN_OK) else { throw AdapterFailure(status, output) }
        guard let stream else { throw AdapterFailure(.failed, "the adapter made no stream") }
        return AdapterStream(self, stream)
    }
}

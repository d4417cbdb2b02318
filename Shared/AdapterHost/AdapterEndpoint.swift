internal import JSON
internal import PluginABI
internal import PluginHost
internal import Synchronization

/// A configured model of a provider.
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

    init(_ adapter: LoadedAdapter, configuration: [UInt8]) throws(AdapterFailure) {
        let output = PluginOutput()
        var handle: OpaquePointer?
        let status = configuration.borrowed { bytes in output.collect { adapter.table.pointee.open_endpoint(bytes, $0, &handle) } }
        if let kind = PluginFailureKind(status) { throw AdapterFailure(kind, output) }
        guard let handle else { throw AdapterFailure(.failed, "the adapter created no endpoint") }
        self.adapter = adapter
        self.handle = handle
    }

    deinit { adapter.table.pointee.close_endpoint(handle) }

    /// Translates a call into the provider's request.
    package func encode(_ call: AdapterCall) throws(AdapterFailure) -> ProviderRequest {
        let output = PluginOutput()
        let status = call.borrowed { call in output.collect { adapter.table.pointee.encode(handle, call, $0) } }
        if let kind = PluginFailureKind(status) { throw AdapterFailure(kind, output) }
        guard let bytes = output.value(Int(UNLADEN_OUT_REQUEST)) else { throw AdapterFailure(.failed, "the adapter emitted no request") }
        let head = try head(bytes)
        return ProviderRequest(method: head.method, url: head.url, headers: head.headers, body: output.value(Int(UNLADEN_OUT_BODY)) ?? [])
    }

    /// Parses a request's head, unless it equals the previous one, as it does with most adapters.
    private func head(_ bytes: [UInt8]) throws(AdapterFailure) -> RequestHead {
        if let last = lastHead.withLock({ $0?.bytes == bytes ? $0?.head : nil }) { return last }
        let head = try Self.head(parsing: bytes)
        lastHead.withLock { $0 = (bytes, head) }
        return head
    }

    private static func head(parsing bytes: [UInt8]) throws(AdapterFailure) -> RequestHead {
        guard let head = try? JSONValue(parsing: bytes), let method = head["method"]?.stringValue, let url = head["url"]?.stringValue
        else { throw AdapterFailure(.failed, "the adapter's request has no 'method' or no 'url'") }
        var headers: [(name: String, value: String)] = []
        for header in head["headers"]?.arrayValue ?? [] {
            guard let pair = header.arrayValue, pair.count == 2, let name = pair[0].stringValue, let value = pair[1].stringValue else {
                throw AdapterFailure(.failed, "a header of the adapter's request is not a pair of strings")
            }
            // The value may be a secret, so no error quotes it.
            guard !name.isEmpty, Self.isPlain(name), Self.isPlain(value) else {
                throw AdapterFailure(.failed, "a header of the adapter's request has an empty name or contains control characters")
            }
            headers.append((name, value))
        }
        return RequestHead(method: method, url: url, headers: headers)
    }

    private static func isPlain(_ text: String) -> Bool { !text.utf8.contains { $0 < 0x20 || $0 == 0x7F } }

    /// Translates a provider's response with a 2xx status for the client. Also returns the usage that it reports.
    package func decode(
        _ response: ProviderResponse, of call: AdapterCall
    ) throws(AdapterFailure) -> (body: [UInt8], usage: TokenUsage?) {
        let output = PluginOutput()
        let status = call.borrowed { call in
            response.borrowed { response in output.collect { adapter.table.pointee.decode_response(handle, call, response, $0) } }
        }
        if let kind = PluginFailureKind(status) { throw AdapterFailure(kind, output) }
        guard let body = output.value(Int(UNLADEN_OUT_BODY)) else { throw AdapterFailure(.failed, "the adapter emitted no response") }
        return (body, output.usage)
    }

    /// Translates a provider's response with a status other than 2xx.
    package func decodeError(_ response: ProviderResponse, of call: AdapterCall) throws(AdapterFailure) -> ProviderError {
        let output = PluginOutput()
        let status = call.borrowed { call in
            response.borrowed { response in output.collect { adapter.table.pointee.decode_error(handle, call, response, $0) } }
        }
        if let kind = PluginFailureKind(status) { throw AdapterFailure(kind, output) }
        guard let error = output.value(Int(UNLADEN_OUT_ERROR)).flatMap({ try? JSONValue(parsing: $0) }) else {
            throw AdapterFailure(.failed, "the adapter emitted no error")
        }
        return ProviderError(error)
    }

    /// Opens the call's response stream.
    package func stream(of call: AdapterCall, head: ProviderResponse) throws(AdapterFailure) -> AdapterStream {
        let output = PluginOutput()
        var stream: OpaquePointer?
        let status = call.borrowed { call in
            head.borrowed { head in output.collect { adapter.table.pointee.open_stream(handle, call, head, $0, &stream) } }
        }
        if let kind = PluginFailureKind(status) { throw AdapterFailure(kind, output) }
        guard let stream else { throw AdapterFailure(.failed, "the adapter created no stream") }
        return AdapterStream(self, stream)
    }
}

internal import JSON
internal import PluginABI
internal import PluginHost

/// An open stream of a provider; used by one task at a time.
package final class AdapterStream {
    /// An event that the adapter emits.
    package enum Event: Sendable, Equatable {
        /// The data of an event for the client, with its name if it has one.
        case data([UInt8], name: String?)
        case usage(TokenUsage)
        /// The provider has ended the stream with an error.
        case error(ProviderError)
        /// The stream is complete.
        case end
    }

    /// Keeps the endpoint alive as long as its streams.
    private let endpoint: AdapterEndpoint
    private let handle: OpaquePointer
    private var adapter: LoadedAdapter { endpoint.adapter }

    init(_ endpoint: AdapterEndpoint, _ handle: OpaquePointer) {
        self.endpoint = endpoint
        self.handle = handle
    }

    deinit { adapter.table.pointee.close_stream(handle) }

    /// Feeds the next bytes to the adapter. If it throws, `events` contains the events emitted before the failure.
    package func feed(_ bytes: some Collection<UInt8>, into events: inout [Event]) throws(AdapterFailure) {
        let table = adapter.table
        let handle = handle
        try collect(&events) { output in Array(bytes).borrowed { table.pointee.feed_stream(handle, $0, output) } }
    }

    /// Tells the adapter that the provider has closed the stream.
    package func finish(into events: inout [Event]) throws(AdapterFailure) {
        let table = adapter.table
        let handle = handle
        try collect(&events) { table.pointee.finish_stream(handle, $0) }
    }

    private func collect(_ events: inout [Event], _ call: (unladen_output) -> unladen_status) throws(AdapterFailure) {
        let output = PluginOutput()
        let status = output.collect(call)
        var name: String?
        for (kind, value) in output.emitted {
            switch Int(kind) {
            case Int(UNLADEN_OUT_EVENT_NAME): name = String(decoding: value, as: UTF8.self)
            case Int(UNLADEN_OUT_EVENT):
                events.append(.data(value, name: name))
                name = nil
            case Int(UNLADEN_OUT_USAGE):
                if let json = try? JSONValue(parsing: value) { events.append(.usage(TokenUsage(json))) }
            case Int(UNLADEN_OUT_ERROR):
                if let json = try? JSONValue(parsing: value) { events.append(.error(ProviderError(json))) }
            case Int(UNLADEN_OUT_END): events.append(.end)
            default: break
            }
        }
        if let kind = PluginFailureKind(status) { throw AdapterFailure(kind, output) }
    }
}

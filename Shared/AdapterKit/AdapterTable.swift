internal import JSON
package import PluginABI
internal import Synchronization

/// The C side of an adapter that is written in Swift: the table that its library exports.
///
///     @c(unladen_adapter_v1)
///     public func entry() -> UnsafePointer<unladen_adapter>? { AdapterTable.make(for: MyAdapter.self) }
package enum AdapterTable {
    /// The library's adapter. C functions know no types, so it is kept here; each library has an `AdapterKit` of its own.
    private static let adapter = Mutex<(any Adapter.Type)?>(nil)

    package static func make(for type: any Adapter.Type) -> UnsafePointer<unladen_adapter>? {
        adapter.withLock { $0 = type }
        return UnsafePointer(table.pointer)
    }

    private static let table = Table()

    /// A table in memory that stays.
    private final class Table: @unchecked Sendable {
        // `@unchecked`: written once, before anybody knows it.
        let pointer = UnsafeMutablePointer<unladen_adapter>.allocate(capacity: 1)

        init() {
            pointer.initialize(
                to: unladen_adapter(
                    size: UInt32(MemoryLayout<unladen_adapter>.size), abi: UInt32(UNLADEN_ADAPTER_ABI),
                    describe: { AdapterTable.describe($0) },
                    open_endpoint: { AdapterTable.openEndpoint($0, $1, $2) },
                    close_endpoint: { AdapterTable.release($0) },
                    encode: { AdapterTable.encode($0, $1, $2) },
                    decode_answer: { AdapterTable.decodeResponse($0, $1, $2, $3) },
                    decode_error: { AdapterTable.decodeError($0, $1, $2, $3) },
                    open_stream: { AdapterTable.openStream($0, $1, $2, $3, $4) },
                    feed_stream: { AdapterTable.feedStream($0, $1, $2) },
                    finish_stream: { AdapterTable.finishStream($0, $1) },
                    close_stream: { AdapterTable.release($0) }))
        }
    }

    /// What the handle of an endpoint points to.
    private final class Endpoint: Sendable {
        let adapter: any Adapter

        init(_ adapter: any Adapter) {
            self.adapter = adapter
        }
    }

    /// What the handle of a stream points to.
    private final class Stream {
        var decoder: any StreamDecoder

        init(_ decoder: any StreamDecoder) {
            self.decoder = decoder
        }
    }

    // MARK: The functions of the table

    private static func describe(_ output: unladen_output) -> unladen_status {
        guard let adapter = adapter.withLock({ $0 }) else { return status(UNLADEN_FAILED) }
        let description: JSONValue = ["providers": .array(adapter.providers.map(\.json))]
        output.emit(UNLADEN_OUT_DESCRIPTION, description.jsonBytes())
        return status(UNLADEN_OK)
    }

    private static func openEndpoint(
        _ configuration: unladen_bytes, _ output: unladen_output, _ endpoint: UnsafeMutablePointer<OpaquePointer?>?
    ) -> unladen_status {
        attempt(output) {
            guard let adapter = adapter.withLock({ $0 }), let endpoint else { throw AdapterError.misconfigured("no adapter") }
            let object = try configuration.object("the configuration")
            guard let provider = object["provider"]?.stringValue, let model = object["model"]?.stringValue else {
                throw AdapterError.misconfigured("'provider' and 'model' must be texts")
            }
            let opened = try adapter.init(
                EndpointConfiguration(provider: provider, model: model, config: object["config"]?.objectValue ?? [:]))
            endpoint.pointee = OpaquePointer(Unmanaged.passRetained(Endpoint(opened)).toOpaque())
        }
    }

    private static func encode(
        _ endpoint: OpaquePointer?, _ call: UnsafePointer<unladen_call>?, _ output: unladen_output
    ) -> unladen_status {
        attempt(output) {
            let request = try adapter(of: endpoint).encode(try AdapterCall(call))
            output.emit(UNLADEN_OUT_REQUEST, request.head)
            output.emit(UNLADEN_OUT_BODY, request.body)
        }
    }

    private static func decodeResponse(
        _ endpoint: OpaquePointer?, _ call: UnsafePointer<unladen_call>?, _ response: UnsafePointer<unladen_answer>?,
        _ output: unladen_output
    ) -> unladen_status {
        attempt(output) {
            let opened = try adapter(of: endpoint)
            let providerResponse = try ProviderResponse(response)
            let adapterCall = try AdapterCall(call)
            let decoded: DecodedResponse
            do {
                decoded = try opened.decode(providerResponse, of: adapterCall)
            } catch {
                if let usage = opened.usage(in: providerResponse, of: adapterCall) {
                    output.emit(UNLADEN_OUT_USAGE, usage.jsonBytes(capacity: 128))
                }
                throw error
            }
            output.emit(UNLADEN_OUT_BODY, decoded.body)
            if let usage = decoded.usage { output.emit(UNLADEN_OUT_USAGE, usage.jsonBytes(capacity: 128)) }
        }
    }

    private static func decodeError(
        _ endpoint: OpaquePointer?, _ call: UnsafePointer<unladen_call>?, _ response: UnsafePointer<unladen_answer>?,
        _ output: unladen_output
    ) -> unladen_status {
        attempt(output) {
            let error = try adapter(of: endpoint).decodeError(try ProviderResponse(response), of: try AdapterCall(call))
            output.emit(UNLADEN_OUT_ERROR, JSONValue.object(error.json).jsonBytes())
        }
    }

    private static func openStream(
        _ endpoint: OpaquePointer?, _ call: UnsafePointer<unladen_call>?, _ head: UnsafePointer<unladen_answer>?,
        _ output: unladen_output, _ stream: UnsafeMutablePointer<OpaquePointer?>?
    ) -> unladen_status {
        attempt(output) {
            guard let stream else { throw AdapterError.invalid("no place for the stream") }
            let decoder = try adapter(of: endpoint).stream(of: try AdapterCall(call), head: try ProviderResponse(head))
            stream.pointee = OpaquePointer(Unmanaged.passRetained(Stream(decoder)).toOpaque())
        }
    }

    private static func feedStream(_ stream: OpaquePointer?, _ bytes: unladen_bytes, _ output: unladen_output) -> unladen_status {
        attempt(output) {
            try decode(stream) { decoder throws(AdapterError) in
                try decoder.feed(UnsafeBufferPointer(start: bytes.data, count: bytes.size), StreamOutput(output: output))
            }
        }
    }

    private static func finishStream(_ stream: OpaquePointer?, _ output: unladen_output) -> unladen_status {
        attempt(output) {
            try decode(stream) { decoder throws(AdapterError) in try decoder.finish(StreamOutput(output: output)) }
        }
    }

    private static func release(_ handle: OpaquePointer?) {
        guard let handle else { return }
        Unmanaged<AnyObject>.fromOpaque(UnsafeRawPointer(handle)).release()
    }

    // MARK: Handles and statuses

    private static func adapter(of endpoint: OpaquePointer?) throws(AdapterError) -> any Adapter {
        guard let endpoint else { throw .invalid("no endpoint") }
        return Unmanaged<Endpoint>.fromOpaque(UnsafeRawPointer(endpoint)).takeUnretainedValue().adapter
    }

    private static func decode(
        _ stream: OpaquePointer?, _ body: (inout any StreamDecoder) throws(AdapterError) -> Void
    ) throws(AdapterError) {
        guard let stream else { throw .invalid("no stream") }
        try body(&Unmanaged<Stream>.fromOpaque(UnsafeRawPointer(stream)).takeUnretainedValue().decoder)
    }

    private static func attempt(_ output: unladen_output, _ body: () throws -> Void) -> unladen_status {
        do {
            try body()
            return status(UNLADEN_OK)
        } catch let error as AdapterError {
            let (code, message) =
                switch error {
                case .invalid(let message): (status(UNLADEN_INVALID), message.text)
                case .unsupported(let message): (status(UNLADEN_UNSUPPORTED), message.text)
                case .misconfigured(let message): (status(UNLADEN_MISCONFIGURED), message.text)
                case .malformed(let message): (status(UNLADEN_MALFORMED), message.text)
                case .failed(let error): (status(UNLADEN_MALFORMED), "the provider answered with an error: \(error.message)")
                }
            output.emit(UNLADEN_OUT_MESSAGE, message.utf8)
            return code
        } catch {
            output.emit(UNLADEN_OUT_MESSAGE, "\(error)".utf8)
            return status(UNLADEN_FAILED)
        }
    }

    private static func status(_ value: some BinaryInteger) -> unladen_status { unladen_status(truncatingIfNeeded: value) }
}

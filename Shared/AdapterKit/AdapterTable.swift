internal import JSON
package import PluginABI
internal import Synchronization

/// The C interface of an adapter written in Swift: the function table that its library exports.
///
///     @c(unladen_adapter_v1)
///     public func entry() -> UnsafePointer<unladen_adapter>? { AdapterTable.make(for: MyAdapter.self) }
package enum AdapterTable {
    /// The library's adapter. C functions can't capture a type, so it is stored here; each library has its own copy of `AdapterKit`.
    private static let adapter = Mutex<(any Adapter.Type)?>(nil)

    /// Returns the function table for an adapter. A library must call it for only one adapter.
    package static func make(for type: any Adapter.Type) -> UnsafePointer<unladen_adapter>? {
        adapter.withLock { $0 = type }
        return UnsafePointer(table.pointer)
    }

    private static let table = Table()

    /// A table in memory that is never freed.
    private final class Table: @unchecked Sendable {
        // `@unchecked`: written only once, before it is shared.
        let pointer = UnsafeMutablePointer<unladen_adapter>.allocate(capacity: 1)

        init() {
            pointer.initialize(
                to: unladen_adapter(
                    size: UInt32(MemoryLayout<unladen_adapter>.size), abi: UInt32(UNLADEN_ADAPTER_ABI),
                    describe: { AdapterTable.describe($0) },
                    open_endpoint: { AdapterTable.openEndpoint($0, $1, $2) },
                    close_endpoint: { AdapterTable.release($0) },
                    encode: { AdapterTable.encode($0, $1, $2) },
                    decode_response: { AdapterTable.decodeResponse($0, $1, $2, $3) },
                    decode_error: { AdapterTable.decodeError($0, $1, $2, $3) },
                    open_stream: { AdapterTable.openStream($0, $1, $2, $3, $4) },
                    feed_stream: { AdapterTable.feedStream($0, $1, $2) },
                    finish_stream: { AdapterTable.finishStream($0, $1) },
                    close_stream: { AdapterTable.release($0) }))
        }
    }

    /// The object behind an endpoint's handle.
    private final class Endpoint: Sendable {
        let adapter: any Adapter

        init(_ adapter: any Adapter) {
            self.adapter = adapter
        }
    }

    /// The object behind a stream's handle.
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
            guard let adapter = adapter.withLock({ $0 }), let endpoint else {
                throw AdapterError.misconfigured("the endpoint's output pointer is null")
            }
            let object = try configuration.object("the configuration")
            guard let provider = object["provider"]?.stringValue, let model = object["model"]?.stringValue else {
                throw AdapterError.misconfigured("'provider' and 'model' must be strings")
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
        _ endpoint: OpaquePointer?, _ call: UnsafePointer<unladen_call>?, _ response: UnsafePointer<unladen_response>?,
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
        _ endpoint: OpaquePointer?, _ call: UnsafePointer<unladen_call>?, _ response: UnsafePointer<unladen_response>?,
        _ output: unladen_output
    ) -> unladen_status {
        attempt(output) {
            let error = try adapter(of: endpoint).decodeError(try ProviderResponse(response), of: try AdapterCall(call))
            output.emit(UNLADEN_OUT_ERROR, JSONValue.object(error.json).jsonBytes())
        }
    }

    private static func openStream(
        _ endpoint: OpaquePointer?, _ call: UnsafePointer<unladen_call>?, _ head: UnsafePointer<unladen_response>?,
        _ output: unladen_output, _ stream: UnsafeMutablePointer<OpaquePointer?>?
    ) -> unladen_status {
        attempt(output) {
            guard let stream else { throw AdapterError.invalid("the stream's output pointer is null") }
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
        guard let endpoint else { throw .invalid("the endpoint is null") }
        return Unmanaged<Endpoint>.fromOpaque(UnsafeRawPointer(endpoint)).takeUnretainedValue().adapter
    }

    private static func decode(
        _ stream: OpaquePointer?, _ body: (inout any StreamDecoder) throws(AdapterError) -> Void
    ) throws(AdapterError) {
        guard let stream else { throw .invalid("the stream is null") }
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
                case .failed(let error): (status(UNLADEN_MALFORMED), "the provider returned an error: \(error.message)")
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

import AdapterKit
import JSON
import PluginABI
import Synchronization

/// An adapter behind its C interface, with an endpoint for each configuration.
///
/// The first byte of an input selects the endpoint, the second one the task, and the third one the type of the rest: a response, an
/// error, a stream or a client's request.
final class FuzzedAdapter: @unchecked Sendable {
    // `@unchecked`: initialized once, and adapters guarantee that calls don't modify their endpoints.

    private let type: any Adapter.Type
    private let configurations: [String]
    private lazy var opened = open()

    init(_ type: any Adapter.Type, _ configurations: [String]) {
        self.type = type
        self.configurations = configurations
    }

    private func open() -> (table: UnsafePointer<unladen_adapter>, endpoints: [OpaquePointer])? {
        guard let table = AdapterTable.make(for: type) else { return nil }
        let endpoints = configurations.compactMap { configuration in
            var endpoint: OpaquePointer?
            _ = Array(configuration.utf8).borrowed { table.pointee.open_endpoint($0, Self.output, &endpoint) }
            return endpoint
        }
        FuzzTarget.require(endpoints.count == configurations.count, "the configurations are valid")
        return (table, endpoints)
    }

    func run(_ bytes: [UInt8]) {
        guard let (table, endpoints) = opened else { return }
        var input = FuzzInput(bytes)
        let endpoint = endpoints[input.choice(endpoints.count)]
        let task = unladen_task(input.choice(5) + 1)
        switch input.choice(4) {
        case 0:
            withCall(task) { call in
                withResponse(input.bytes, 200) { _ = table.pointee.decode_response(endpoint, call, $0, Self.output) }
            }
        case 1:
            withCall(task) { call in
                withResponse(input.bytes, 400) { _ = table.pointee.decode_error(endpoint, call, $0, Self.output) }
            }
        case 2:
            var stream: OpaquePointer?
            withCall(task, streams: true) { call in
                withResponse([], 200) { _ = table.pointee.open_stream(endpoint, call, $0, Self.output, &stream) }
            }
            guard let stream else { return }
            defer { table.pointee.close_stream(stream) }
            for piece in input.pieces() {
                let status = Array(piece).borrowed { table.pointee.feed_stream(stream, $0, Self.output) }
                guard Int(status) == Int(UNLADEN_OK) else { return }
            }
            _ = table.pointee.finish_stream(stream, Self.output)
        default:
            // The host passes only objects.
            guard let body = try? JSONValue(parsing: input.bytes, limits: JSONLimits(maximumNodes: 10_000)), body.objectValue != nil else {
                return
            }
            withCall(task, body: input.bytes) { _ = table.pointee.encode(endpoint, $0, Self.output) }
        }
    }

    private static let body = Array(
        #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"prompt":"Hi","input":"Hi","stream_options":{"include_usage":true}}"#
            .utf8)

    private func withCall(
        _ task: unladen_task, streams: Bool = false, body: [UInt8] = FuzzedAdapter.body,
        _ use: (UnsafePointer<unladen_call>) -> Void
    ) {
        body.borrowed { body in
            Array("id".utf8).borrowed { identifier in
                let none = unladen_bytes(data: nil, size: 0)
                var call = unladen_call(
                    size: UInt32(MemoryLayout<unladen_call>.size), task: task, streams: streams ? 1 : 0, time: 1_700_000_000,
                    identifier: identifier, body: body, credentials: none, headers: none)
                withUnsafePointer(to: &call, use)
            }
        }
    }

    private func withResponse(_ body: [UInt8], _ status: UInt32, _ use: (UnsafePointer<unladen_response>) -> Void) {
        body.borrowed { body in
            var response = unladen_response(
                size: UInt32(MemoryLayout<unladen_response>.size), status: status, headers: unladen_bytes(data: nil, size: 0), body: body)
            withUnsafePointer(to: &response, use)
        }
    }

    /// Checks that an adapter emits only JSON for the client.
    private static var output: unladen_output {
        unladen_output(context: nil) { _, kind, value in
            guard [UNLADEN_OUT_EVENT, UNLADEN_OUT_USAGE, UNLADEN_OUT_ERROR].contains(where: { Int($0) == Int(kind) }) else { return }
            let bytes = UnsafeBufferPointer(start: value.data, count: value.data == nil ? 0 : value.size)
            FuzzTarget.require((try? JSONValue(parsing: bytes, limits: .trusted)) != nil, "the adapter emits JSON")
        }
    }
}

extension [UInt8] {
    fileprivate func borrowed<Result>(_ body: (unladen_bytes) -> Result) -> Result {
        withUnsafeBufferPointer { body(unladen_bytes(data: $0.baseAddress, size: $0.count)) }
    }
}

internal import JSON
internal import PluginABI

/// Collects the output that a plugin emits in one call.
final class PluginOutput {
    private(set) var emitted: [(kind: UInt32, value: [UInt8])] = []

    /// The first value of a kind.
    func value(_ kind: Int) -> [UInt8]? { emitted.first { $0.kind == UInt32(kind) }?.value }

    /// The last value of a kind.
    func lastValue(_ kind: Int) -> [UInt8]? { emitted.last { $0.kind == UInt32(kind) }?.value }

    /// The last usage, if it is valid.
    var usage: TokenUsage? { lastValue(Int(UNLADEN_OUT_USAGE)).flatMap { try? JSONValue(parsing: $0) }.map(TokenUsage.init) }

    /// Calls a function of the plugin with an output that collects here.
    func collect(_ call: (unladen_output) -> unladen_status) -> unladen_status {
        let output = unladen_output(context: Unmanaged.passUnretained(self).toOpaque()) { context, kind, value in
            guard let context else { return }
            let bytes = UnsafeBufferPointer(start: value.data, count: value.data == nil ? 0 : value.size)
            Unmanaged<PluginOutput>.fromOpaque(context).takeUnretainedValue().emitted.append((kind, Array(bytes)))
        }
        return withExtendedLifetime(self) { call(output) }
    }
}

extension Collection<UInt8> {
    /// Calls `body` with the bytes, borrowed for the duration of the call.
    func borrowed<Result>(_ body: (unladen_bytes) throws -> Result) rethrows -> Result {
        try Array(self).withUnsafeBufferPointer { try body(unladen_bytes(data: $0.baseAddress, size: $0.count)) }
    }
}

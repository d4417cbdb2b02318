package import PluginABI

/// Collects the output that a plugin emits in one call. Its declarations aren't generic, because every request uses them.
package final class PluginOutput {
    /// The values with their kinds, in the order in which they were emitted.
    package private(set) var emitted: [(kind: UInt32, value: [UInt8])] = []

    package init() {}

    /// The first value of a kind.
    package func value(_ kind: Int) -> [UInt8]? { emitted.first { $0.kind == UInt32(kind) }?.value }

    /// The last value of a kind.
    package func lastValue(_ kind: Int) -> [UInt8]? { emitted.last { $0.kind == UInt32(kind) }?.value }

    /// The message that explains why the call failed.
    package var message: String {
        lastValue(Int(UNLADEN_OUT_MESSAGE)).map { String(decoding: $0, as: UTF8.self) } ?? "no reason given"
    }

    /// Calls a function of the plugin with an output that collects here.
    package func collect(_ call: (unladen_output) -> unladen_status) -> unladen_status {
        let output = unladen_output(context: Unmanaged.passUnretained(self).toOpaque()) { context, kind, value in
            guard let context else { return }
            let bytes = UnsafeBufferPointer(start: value.data, count: value.data == nil ? 0 : value.size)
            Unmanaged<PluginOutput>.fromOpaque(context).takeUnretainedValue().emitted.append((kind, Array(bytes)))
        }
        return withExtendedLifetime(self) { call(output) }
    }
}

extension [UInt8] {
    /// Calls a function of a plugin with these bytes, which it borrows for the duration of the call.
    package func borrowed(_ call: (unladen_bytes) -> unladen_status) -> unladen_status {
        withUnsafeBufferPointer { call(unladen_bytes(data: $0.baseAddress, size: $0.count)) }
    }
}

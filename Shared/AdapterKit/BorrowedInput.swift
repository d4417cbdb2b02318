internal import JSON
internal import PluginABI

// Conversions of the host's input to Swift values.

extension unladen_bytes {
    private var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: data, count: data == nil ? 0 : size) }

    var bytes: [UInt8] { Array(buffer) }

    var text: String { String(decoding: buffer, as: UTF8.self) }

    /// Parses a JSON object; returns an empty one when there are no bytes. The host has already enforced its limits.
    ///
    /// - Parameter what: the subject of an error message.
    func object(_ what: String) throws(AdapterError) -> JSONObject {
        guard size > 0 else { return [:] }
        do {
            guard case .object(let object) = try JSONValue(parsing: buffer, limits: .trusted) else {
                throw AdapterError.invalid("\(what) is not a JSON object")
            }
            return object
        } catch {
            throw .invalid("\(what) is not a JSON object: \(error)")
        }
    }

    /// Calls `body` with the names and value ranges of a JSON object, and with its bytes. The host has already enforced its limits.
    ///
    /// - Parameter what: the subject of an error message.
    func withMembers<Result>(
        _ what: String, _ body: ([(name: String, value: Range<Int>)], UnsafeBufferPointer<UInt8>) throws(AdapterError) -> Result
    ) throws(AdapterError) -> Result {
        guard size > 0 else { return try body([], buffer) }
        let members: [(name: String, value: Range<Int>)]?
        do {
            members = try JSONValue.members(of: buffer, limits: .trusted)
        } catch {
            throw .invalid("\(what) is not a JSON object: \(error)")
        }
        guard let members else { throw .invalid("\(what) is not a JSON object") }
        return try body(members, buffer)
    }

    /// Parses `[["name", "value"], …]`.
    func headers() throws(AdapterError) -> [HTTPHeader] { try HTTPHeader.list(buffer) }
}

/// Copies a host's struct, which may have fewer members in an older host, and more in a newer one. Missing members are zero.
private func copy<Struct>(_ pointer: UnsafePointer<Struct>, of size: UInt32, into empty: Struct) -> Struct {
    var value = empty
    withUnsafeMutableBytes(of: &value) { bytes in
        bytes.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: min(Int(size), bytes.count)))
    }
    return value
}

extension AdapterCall {
    init(_ pointer: UnsafePointer<unladen_call>?) throws(AdapterError) {
        guard let pointer else { throw .invalid("the call is null") }
        let call = copy(pointer, of: pointer.pointee.size, into: unladen_call())
        guard let task = AdapterTask(rawValue: call.task) else { throw .unsupported("the task \(call.task) is unknown") }
        self.init(task: task, streams: call.streams != 0, time: call.time, raw: call)
    }
}

extension ProviderResponse {
    init(_ pointer: UnsafePointer<unladen_response>?) throws(AdapterError) {
        guard let pointer else { throw .invalid("the response is null") }
        let response = copy(pointer, of: pointer.pointee.size, into: unladen_response())
        self.init(status: Int(response.status), rawHeaders: response.headers.bytes, body: response.body.bytes)
    }
}

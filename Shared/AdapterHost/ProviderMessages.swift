internal import JSON
internal import PluginABI
internal import PluginHost

/// An HTTP request for a provider, ready to be sent.
package struct ProviderRequest: Sendable, Equatable {
    package var method: String
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package static func == (left: Self, right: Self) -> Bool {
        left.method == right.method && left.url == right.url && left.body == right.body
            && left.headers.elementsEqual(right.headers, by: ==)
    }
}

/// A provider's response: its head and, unless it is a stream, its body.
package struct ProviderResponse: Sendable {
    package var status: Int
    /// The headers, with lowercase names.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Calls a function of the adapter with this response.
    func borrowed(_ call: (UnsafePointer<unladen_response>) -> unladen_status) -> unladen_status {
        headers.jsonBytes.borrowed { headers in
            body.borrowed { bytes in
                var response = unladen_response(
                    size: UInt32(MemoryLayout<unladen_response>.size), status: UInt32(clamping: status), headers: headers, body: bytes)
                return withUnsafePointer(to: &response, call)
            }
        }
    }
}

extension [(name: String, value: String)] {
    /// `[["name", "value"], …]`; empty when there are none.
    var jsonBytes: [UInt8] {
        guard !isEmpty else { return [] }
        var json = JSONWriter()
        json.array { json in
            for (name, value) in self {
                json.array { json in
                    json.string(name)
                    json.string(value)
                }
            }
        }
        return json.bytes
    }
}

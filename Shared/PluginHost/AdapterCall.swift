package import JSON
internal import PluginABI

/// The API operation that a call requests: the tasks of `unladen_adapter.h`.
package enum AdapterTask: String, Sendable, CaseIterable {
    case chat, completions, embeddings, responses, messages

    var number: unladen_task {
        switch self {
        case .chat: unladen_task(UNLADEN_TASK_CHAT)
        case .completions: unladen_task(UNLADEN_TASK_COMPLETIONS)
        case .embeddings: unladen_task(UNLADEN_TASK_EMBEDDINGS)
        case .responses: unladen_task(UNLADEN_TASK_RESPONSES)
        case .messages: unladen_task(UNLADEN_TASK_MESSAGES)
        }
    }
}

/// One call to a provider.
package struct AdapterCall: Sendable {
    package var task: AdapterTask
    package var streams: Bool
    /// Seconds since 1970.
    package var time: Int64
    /// The ID of the response if the provider doesn't assign one.
    package var identifier: String
    /// The client's request: a JSON object.
    package var body: [UInt8]
    /// Temporary secrets that are not part of the configuration, as a JSON object; empty if there are none.
    package var credentials: [UInt8]
    package var headers: [(name: String, value: String)]

    package init(
        task: AdapterTask, streams: Bool, time: Int64, identifier: String, body: [UInt8], credentials: [UInt8] = [],
        headers: [(name: String, value: String)] = []
    ) {
        self.task = task
        self.streams = streams
        self.time = time
        self.identifier = identifier
        self.body = body
        self.credentials = credentials
        self.headers = headers
    }

    func withRaw<Result>(_ body: (UnsafePointer<unladen_call>) throws -> Result) rethrows -> Result {
        try identifier.utf8.borrowed { identifier in
            try self.body.borrowed { request in
                try credentials.borrowed { credentials in
                    try headers.jsonBytes.borrowed { headers in
                        var call = unladen_call(
                            size: UInt32(MemoryLayout<unladen_call>.size), task: task.number, streams: streams ? 1 : 0, time: time,
                            identifier: identifier, body: request, credentials: credentials, headers: headers)
                        return try withUnsafePointer(to: &call, body)
                    }
                }
            }
        }
    }
}

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

    func withRaw<Result>(_ body: (UnsafePointer<unladen_response>) throws -> Result) rethrows -> Result {
        try headers.jsonBytes.borrowed { headers in
            try self.body.borrowed { bytes in
                var response = unladen_response(
                    size: UInt32(MemoryLayout<unladen_response>.size), status: UInt32(clamping: status), headers: headers, body: bytes)
                return try withUnsafePointer(to: &response, body)
            }
        }
    }
}

extension [(name: String, value: String)] {
    /// `[["name", "value"], …]`; empty when there are none.
    fileprivate var jsonBytes: [UInt8] {
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

/// A provider's own error, not truncated: it may quote secrets, and a truncated secret couldn't be recognized.
package struct ProviderError: Sendable, Equatable {
    package var message: String
    package var type: String?
    package var code: JSONValue?
    package var param: String?

    init(_ json: JSONValue) {
        message = json["message"]?.stringValue ?? "the provider gave no reason"
        type = json["type"]?.stringValue
        code = json["code"]
        param = json["param"]?.stringValue
    }
}

/// A failure of an adapter.
package struct AdapterFailure: Error, Equatable {
    /// The status of the call: see `unladen_status` in `unladen_plugin.h`.
    package enum Kind: String, Sendable { case invalid, unsupported, misconfigured, malformed, failed }

    package var kind: Kind
    /// A human-readable message without secrets.
    package var message: String
    /// The usage that a rejected response reports.
    package var usage: TokenUsage?

    init(_ status: unladen_status, _ output: PluginOutput) {
        kind =
            switch Int(status) {
            case Int(UNLADEN_INVALID): .invalid
            case Int(UNLADEN_UNSUPPORTED): .unsupported
            case Int(UNLADEN_MISCONFIGURED): .misconfigured
            case Int(UNLADEN_MALFORMED): .malformed
            default: .failed
            }
        usage = output.usage
        message = output.lastValue(Int(UNLADEN_OUT_MESSAGE)).map { String(decoding: $0, as: UTF8.self) } ?? "no reason given"
    }

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

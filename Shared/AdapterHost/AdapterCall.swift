internal import PluginABI
internal import PluginHost

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

    /// Calls a function of the adapter with this call.
    func borrowed(_ function: (UnsafePointer<unladen_call>) -> unladen_status) -> unladen_status {
        Array(identifier.utf8).borrowed { identifier in
            body.borrowed { body in
                credentials.borrowed { credentials in
                    headers.jsonBytes.borrowed { headers in
                        var call = unladen_call(
                            size: UInt32(MemoryLayout<unladen_call>.size), task: task.number, streams: streams ? 1 : 0, time: time,
                            identifier: identifier, body: body, credentials: credentials, headers: headers)
                        return withUnsafePointer(to: &call, function)
                    }
                }
            }
        }
    }
}

package import JSON
internal import WireProtocol

/// Translates a stream of chat completion chunks to a stream of Anthropic's Messages API.
///
/// Whatever the provider sends, the events form a valid stream of Anthropic's API: `message_start`, then one block after the other,
/// each with its start, deltas and stop, then `message_delta` and `message_stop`; or an `error` in place of the rest.
package struct MessagesStream: Sendable {
    /// An event of the stream.
    package struct Event: Sendable, Equatable {
        /// The event's type, such as `message_start`.
        package let name: String
        /// The event's data, as JSON.
        package let data: [UInt8]

        init(_ name: String, _ members: JSONObject) {
            self.name = name
            data = JSONValue.object(JSONObject([.init(name: "type", value: .string(name))] + members.members)).jsonBytes()
        }

        /// The event in wire format.
        package var bytes: [UInt8] { Array("event: \(name)\ndata: ".utf8) + data + Array("\n\n".utf8) }
    }

    /// Whether the stream has ended; nothing follows.
    package private(set) var isAtEnd = false
    private let model: String
    private var id: String?
    private var blocks = MessagesStreamBlocks()
    private var usage: JSONValue?
    private var finishReason: String?
    private var isRefusal = false

    /// - Parameter model: the message's model if the chunks name none.
    package init(model: String) {
        self.model = model
    }

    /// The events for the next chunk.
    ///
    /// - Parameter data: the data of the provider's event, without its framing.
    package mutating func translate(_ data: some Collection<UInt8>) -> [Event] {
        if data.elementsEqual("[DONE]".utf8) { return finish() }
        guard let chunk = try? JSONValue(parsing: data), chunk.objectValue != nil else {
            return fail(MessagesError(status: 502, "The provider's stream contains an invalid event"))
        }
        return translate(chunk)
    }

    /// The events for the next chunk.
    package mutating func translate(_ chunk: JSONValue) -> [Event] {
        guard !isAtEnd else { return [] }
        if let error = chunk["error"], error != .null {
            let message = error["message"]?.stringValue ?? error.stringValue ?? "The provider's stream failed"
            return fail(MessagesError(status: 500, ErrorMessage(message)))
        }
        if let counts = chunk["usage"], counts != .null { usage = counts }
        var events = start(chunk)
        // The request asked for a single choice.
        let choices = (chunk["choices"]?.arrayValue ?? []).filter { ($0["index"]?.integerValue ?? 0) == 0 }
        for choice in choices {
            if let refusal = choice["delta"]?["refusal"]?.stringValue, !refusal.isEmpty { isRefusal = true }
            do throws(MessagesError) {
                events += try blocks.translate(choice["delta"])
            } catch {
                return events + blocks.drainEvents() + fail(error)
            }
            if let reason = choice["finish_reason"]?.stringValue { finishReason = reason }
        }
        return events
    }

    /// The events for the end of the provider's stream.
    package mutating func finish() -> [Event] {
        guard !isAtEnd else { return [] }
        let start = start([:])
        isAtEnd = true
        let stopReason = MessagesResponse.stopReason(finishReason, callsTools: blocks.hasTools, isRefusal: isRefusal)
        let delta: JSONValue = ["stop_reason": stopReason, "stop_sequence": .null]
        return start + blocks.end() + [
            Event("message_delta", ["delta": delta, "usage": .object(MessagesUsage(usage).anthropic)]), Event("message_stop", [:]),
        ]
    }

    /// The events for an error, which ends the stream.
    package mutating func fail(_ error: MessagesError) -> [Event] {
        guard !isAtEnd else { return [] }
        isAtEnd = true
        return [Event("error", ["error": ErrorFormat.anthropic.body(of: error.serviceError)["error"] ?? [:]])]
    }

    /// The start of the message, if it hasn't started.
    private mutating func start(_ chunk: JSONValue) -> [Event] {
        guard id == nil else { return [] }
        let id = MessagesResponse.messageID(chunk["id"]?.stringValue)
        self.id = id
        blocks.messageID = id
        let model = chunk["model"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? model
        let message = MessagesResponse.skeleton(id: id, model: model, content: [], usage: usage)
        return [Event("message_start", ["message": .object(message)])]
    }
}

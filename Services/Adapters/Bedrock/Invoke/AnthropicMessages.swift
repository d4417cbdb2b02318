internal import AdapterKit
internal import JSON

/// Anthropic's messages by InvokeModel: they pass nearly as they are.
enum AnthropicMessages {
    /// As errors name them.
    static let models = "Anthropic's models"
    /// The version of Anthropic's API that Bedrock has, under a name of its own.
    static let version: JSONValue = "bedrock-2023-05-31"

    /// The client's request. Model and stream stand in the URL, and what Anthropic has in headers in the body.
    static func body(_ request: JSONObject, headers: [HTTPHeader]) -> JSONObject {
        var body = request
        body["model"] = nil
        body["stream"] = nil
        body["anthropic_version"] = version
        let headers = headers.filter { $0.name == "anthropic-beta" }
        let features = headers.flatMap { $0.value.split(whereSeparator: { ", ".contains($0) }) }
        if !features.isEmpty { body["anthropic_beta"] = .array(features.map { .string(String($0)) }) }
        return body
    }

    /// An error among the events of a stream.
    static func error(_ event: JSONObject) -> ProviderError? {
        guard event["type"] == "error" else { return nil }
        let message = event["error"]?["message"]?.stringValue ?? "the provider's stream has failed"
        return ProviderError(message, type: event["error"]?["type"]?.stringValue)
    }
}

/// A stream of messages that passes as it is.
struct MessagesEventHandler: EventHandler {
    private var usage = MessagesUsageAccumulator()
    private(set) var isAtEnd = false

    mutating func handle(_ type: String, _ event: EventStreamMessage, _ output: StreamOutput) throws(AdapterError) {
        guard let bytes = try Chunk.bytes(type, event) else { return }
        let message = try EventStreamMessage.object(bytes)
        if let counts = message["message"]?["usage"] {
            usage.update(start: counts)
            if let prompt = usage.prompt { output.usage(prompt) }
        }
        if let counts = message["usage"] {
            usage.update(counts)
            if let total = usage.total { output.usage(total) }
        }
        if let error = AnthropicMessages.error(message) {
            isAtEnd = true
            return output.error(error)
        }
        let name = message["type"]?.stringValue ?? ""
        output.event(name, bytes.contains(UInt8(ascii: "\n")) ? JSONValue.object(message).jsonBytes() : bytes)
        guard name == "message_stop" else { return }
        isAtEnd = true
        output.end()
    }

    /// The last event can't be done without.
    func finish(_ output: StreamOutput) {}
}

internal import AdapterKit
internal import JSON

/// Anthropic's Messages API through InvokeModel, nearly unchanged.
enum AnthropicMessages {
    /// The subject of error messages.
    static let models = "Anthropic's models"
    /// The version of Anthropic's API, under Bedrock's name for it.
    static let version: JSONValue = "bedrock-2023-05-31"

    /// Translates the client's request. The URL determines the model and streaming, and Anthropic's headers become members.
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

    /// Decodes an error event of a stream; `nil` for any other event.
    static func error(_ event: JSONObject) -> ProviderError? {
        guard event["type"] == "error" else { return nil }
        let message = event["error"]?["message"]?.stringValue ?? "the provider's stream failed"
        return ProviderError(message, type: event["error"]?["type"]?.stringValue)
    }
}

/// Passes a stream of the Messages API through unchanged.
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

    /// Emits nothing: the last event is essential.
    func finish(_ output: StreamOutput) {}
}

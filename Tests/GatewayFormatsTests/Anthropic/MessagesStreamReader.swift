import GatewayFormats
import JSON
import Testing

/// Reads a stream of messages as a client does, and collects everything that violates the format.
struct MessagesStreamReader {
    /// The message assembled so far.
    private(set) var message: JSONObject = [:]
    private(set) var error: JSONValue?
    private(set) var violations: [String] = []
    private var blocks: [JSONObject] = []
    private var isOpen = false
    private var json = ""
    private var hasDelta = false
    private(set) var isAtEnd = false

    mutating func read(_ events: [MessagesStream.Event]) {
        for event in events {
            guard let data = try? JSONValue(parsing: event.data), data["type"]?.stringValue == event.name else {
                violations.append("not an event: \(event)")
                continue
            }
            read(event.name, data)
        }
    }

    private mutating func read(_ name: String, _ data: JSONValue) {
        if isAtEnd { violations.append("\(name) after the end") }
        if name != "message_start", name != "error", message.members.isEmpty { violations.append("\(name) before message_start") }
        switch name {
        case "message_start":
            if !message.members.isEmpty { violations.append("a second message_start") }
            message = data["message"]?.objectValue ?? [:]
            if message["content"] != [] || message["id"]?.stringValue == nil { violations.append("message_start without a message") }
        case "content_block_start":
            if isOpen { violations.append("a block inside a block") }
            check(data, at: blocks.count)
            isOpen = true
            blocks.append(data["content_block"]?.objectValue ?? [:])
        case "content_block_delta":
            check(data, at: blocks.count - 1)
            if !isOpen { violations.append("a delta outside a block") }
            apply(data["delta"])
        case "content_block_stop":
            check(data, at: blocks.count - 1)
            if !isOpen { violations.append("a stop outside a block") }
            isOpen = false
            if !json.isEmpty, !blocks.isEmpty { blocks[blocks.count - 1]["input"] = (try? JSONValue(parsing: json)) ?? .null }
            json = ""
        case "message_delta":
            if isOpen || hasDelta { violations.append("message_delta in a block, or a second one") }
            hasDelta = true
            message["content"] = .array(blocks.map { .object($0) })
            message["stop_reason"] = data["delta"]?["stop_reason"]
            message["usage"] = data["usage"]
        case "message_stop":
            if !hasDelta { violations.append("message_stop without message_delta") }
            isAtEnd = true
        case "error":
            error = data["error"]
            isAtEnd = true
        default: violations.append("unknown event \(name)")
        }
    }

    private mutating func check(_ data: JSONValue, at index: Int) {
        if data["index"] != .integer(Int64(index)) { violations.append("block \(index) has the wrong index: \(data.jsonString)") }
    }

    private mutating func apply(_ delta: JSONValue?) {
        guard var block = blocks.last else { return }
        switch (block["type"], delta?["type"]) {
        case ("text", "text_delta"):
            block["text"] = .string((block["text"]?.stringValue ?? "") + (delta?["text"]?.stringValue ?? ""))
            blocks[blocks.count - 1] = block
        case ("tool_use", "input_json_delta"): json += delta?["partial_json"]?.stringValue ?? ""
        default: violations.append("a delta of the wrong type: \(delta?.jsonString ?? "")")
        }
    }
}

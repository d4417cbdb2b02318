internal import JSON

/// Encodes a response as a whole or as events.
struct ResponseEncoder {
    let serial: Int
    let model: String
    let request: JSONObject
    let choice: EchoModel.Choice
    let tokens: Tokens

    private var isCut: Bool { choice.finish == .length }

    func response(isAtEnd: Bool) -> JSONValue {
        let usage: JSONValue = [
            "input_tokens": .init(tokens.prompt),
            "input_tokens_details": ["cached_tokens": .init(tokens.read), "cache_write_tokens": .init(tokens.allWritten)],
            "output_tokens": .init(tokens.completion),
            "output_tokens_details": ["reasoning_tokens": 0], "total_tokens": .init(tokens.total),
        ]
        return [
            "id": .string("resp_\(serial)"), "object": "response", "created_at": .integer(OpenAIFormat.created),
            "status": isAtEnd ? (isCut ? "incomplete" : "completed") : "in_progress", "error": .null,
            "incomplete_details": isAtEnd && isCut ? ["reason": "max_output_tokens"] : .null,
            "instructions": request["instructions"] ?? .null, "max_output_tokens": request["max_output_tokens"] ?? .null,
            "model": .string(model), "output": .array(isAtEnd ? items(isAtEnd: true) : []),
            "parallel_tool_calls": true, "previous_response_id": .null, "reasoning": ["effort": .null, "summary": .null],
            "store": request["store"] ?? true, "temperature": request["temperature"] ?? 1, "text": ["format": ["type": "text"]],
            "tool_choice": request["tool_choice"] ?? "auto", "tools": request["tools"] ?? [], "top_p": request["top_p"] ?? 1,
            "service_tier": .string(tokens.tier.rawValue), "truncation": "disabled", "usage": isAtEnd ? usage : .null, "user": .null,
            "metadata": request["metadata"] ?? [:],
        ]
    }

    /// - Parameter isAtEnd: whether the items are complete rather than just started.
    private func items(isAtEnd: Bool) -> [JSONValue] {
        guard choice.toolCalls.isEmpty else {
            return choice.toolCalls.enumerated().map { position, call in
                [
                    "id": .string("fc_\(serial)_\(position)"), "type": "function_call",
                    "status": isAtEnd ? "completed" : "in_progress",
                    "call_id": .string("call_\(serial)_\(position)"), "name": .string(call.name),
                    "arguments": .string(isAtEnd ? call.arguments : ""),
                ]
            }
        }
        return [
            [
                "id": .string("msg_\(serial)"), "type": "message", "role": "assistant",
                "status": isAtEnd ? (isCut ? "incomplete" : "completed") : "in_progress",
                "content": isAtEnd ? [part(choice.text)] : [],
            ]
        ]
    }

    private func part(_ text: String) -> JSONValue {
        ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }

    func stream() -> [StreamChunk] {
        var events = ResponseEvents()
        events.add("response.created", ["response": response(isAtEnd: false)])
        events.add("response.in_progress", ["response": response(isAtEnd: false)])
        for (position, (begun, complete)) in zip(items(isAtEnd: false), items(isAtEnd: true)).enumerated() {
            events.add("response.output_item.added", ["output_index": .init(position), "item": begun])
            let id = begun["id"] ?? .null
            if choice.toolCalls.isEmpty { addText(id, &events) } else { addArguments(id, position, &events) }
            events.add("response.output_item.done", ["output_index": .init(position), "item": complete])
        }
        events.add(isCut ? "response.incomplete" : "response.completed", ["response": response(isAtEnd: true)], settles: true)
        return events.pieces
    }

    private func addText(_ id: JSONValue, _ events: inout ResponseEvents) {
        let position: JSONObject = ["item_id": id, "output_index": 0, "content_index": 0]
        events.add("response.content_part.added", position.with(["part": part("")]))
        for text in choice.parts {
            events.add("response.output_text.delta", position.with(["delta": .string(String(text)), "logprobs": []]), tokens: 1)
        }
        events.add("response.output_text.done", position.with(["text": .string(choice.text), "logprobs": []]))
        events.add("response.content_part.done", position.with(["part": part(choice.text)]))
    }

    private func addArguments(_ id: JSONValue, _ index: Int, _ events: inout ResponseEvents) {
        let position: JSONObject = ["item_id": id, "output_index": .init(index)]
        let call = choice.toolCalls[index]
        for part in Words.split(call.arguments) {
            events.add("response.function_call_arguments.delta", position.with(["delta": .string(String(part))]), tokens: 1)
        }
        let done: JSONObject = ["name": .string(call.name), "arguments": .string(call.arguments)]
        events.add("response.function_call_arguments.done", position.with(done), tokens: 1)
    }
}

/// Encodes events with sequence numbers.
private struct ResponseEvents {
    private(set) var pieces: [StreamChunk] = []

    mutating func add(_ type: String, _ members: JSONObject, tokens: Int = 0, settles: Bool = false) {
        let head: JSONObject = ["type": .string(type), "sequence_number": .init(pieces.count)]
        pieces.append(ServerSentEvents.event(type, JSONValue.object(head.with(members)), tokens: tokens, settles: settles))
    }
}

extension JSONObject {
    func with(_ others: JSONObject) -> JSONObject { JSONObject(members + others.members) }
}

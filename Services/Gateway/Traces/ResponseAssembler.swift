internal import JSON

/// Assembles the response that a trace shows: a whole response as is, and a stream as the response that its events add up to.
struct ResponseAssembler {
    private let parts: [[UInt8]]
    private let isStream: Bool

    init(_ request: CompletedRequest) {
        self.init(request.response, isStream: request.streams)
    }

    /// - Parameter parts: the response, or the data of a stream's events, as JSON.
    init(_ parts: [[UInt8]], isStream: Bool) {
        self.parts = parts
        self.isStream = isStream
    }

    /// The response; `nil` if no part of it is valid JSON.
    var response: JSONValue? {
        let values = parts.compactMap { try? JSONValue(parsing: $0) }
        guard isStream, values.count > 0 else { return values.first }
        if let whole = responsesResponse(values) { return whole }
        return values.contains { $0["type"] != nil } ? messagesResponse(values) : chatResponse(values)
    }

    /// The final event of OpenAI's Responses API has the whole response.
    private func responsesResponse(_ events: [JSONValue]) -> JSONValue? {
        events.last { ["response.completed", "response.incomplete", "response.failed"].contains($0["type"]?.stringValue) }?["response"]
    }

    // MARK: OpenAI's chat completions and completions

    fileprivate struct Choice {
        var role: String?
        var content = ""
        var refusal = ""
        var reasoning = ""
        var finish: JSONValue = .null
        var tools: [Int64: Tool] = [:]
        var isText = false
    }

    fileprivate struct Tool {
        var id: String?
        var name = ""
        var arguments = ""
    }

    private func chatResponse(_ events: [JSONValue]) -> JSONValue {
        var choices: [Int64: Choice] = [:]
        for event in events {
            for choice in event["choices"]?.arrayValue ?? [] {
                let index = choice["index"]?.integerValue ?? 0
                choices[index, default: Choice()].add(choice)
            }
        }
        var response = JSONObject()
        for name in ["id", "object", "created", "model"] { if let value = events.first?[name] { response[name] = value } }
        response["choices"] = .array(choices.sorted { $0.key < $1.key }.map { $1.json(index: $0) })
        if let usage = events.last(where: { $0["usage"]?.objectValue != nil })?["usage"] { response["usage"] = usage }
        return .object(response)
    }

    // MARK: Anthropic's messages

    private func messagesResponse(_ events: [JSONValue]) -> JSONValue {
        var response = events.lazy.compactMap { $0["message"]?.objectValue }.first ?? JSONObject()
        var blocks: [Int64: JSONObject] = [:]
        var inputs: [Int64: String] = [:]
        for event in events {
            let index = event["index"]?.integerValue ?? 0
            if let block = event["content_block"]?.objectValue { blocks[index] = block }
            if let delta = event["delta"]?.objectValue {
                for name in ["text", "thinking", "signature"] {
                    guard let text = delta[name]?.stringValue else { continue }
                    blocks[index, default: JSONObject()][name] = .string((blocks[index]?[name]?.stringValue ?? "") + text)
                }
                if let json = delta["partial_json"]?.stringValue { inputs[index, default: ""] += json }
                if let reason = delta["stop_reason"] { response["stop_reason"] = reason }
            }
            if let usage = event["usage"]?.objectValue {
                var all = response["usage"]?.objectValue ?? JSONObject()
                // The assignment searches all members, so an excessive number of them would be slow.
                for member in usage.members.prefix(100) { all[member.name] = member.value }
                response["usage"] = .object(all)
            }
        }
        for (index, json) in inputs { blocks[index]?["input"] = (try? JSONValue(parsing: Array(json.utf8))) ?? .string(json) }
        response["content"] = .array(blocks.sorted { $0.key < $1.key }.map { .object($0.value) })
        return .object(response)
    }
}

extension ResponseAssembler.Choice {
    fileprivate mutating func add(_ choice: JSONValue) {
        if let text = choice["text"]?.stringValue {
            isText = true
            content += text
        }
        if let reason = choice["finish_reason"], reason != .null { finish = reason }
        guard let delta = choice["delta"] else { return }
        role = delta["role"]?.stringValue ?? role
        content += delta["content"]?.stringValue ?? ""
        refusal += delta["refusal"]?.stringValue ?? ""
        reasoning += delta["reasoning_content"]?.stringValue ?? ""
        for call in delta["tool_calls"]?.arrayValue ?? [] {
            let index = call["index"]?.integerValue ?? 0
            tools[index, default: ResponseAssembler.Tool()].id = call["id"]?.stringValue ?? tools[index]?.id
            tools[index]?.name += call["function"]?["name"]?.stringValue ?? ""
            tools[index]?.arguments += call["function"]?["arguments"]?.stringValue ?? ""
        }
    }

    fileprivate func json(index: Int64) -> JSONValue {
        var json = JSONObject([.init(name: "index", value: .integer(index))])
        if isText {
            json["text"] = .string(content)
        } else {
            var message = JSONObject([
                .init(name: "role", value: .string(role ?? "assistant")),
                .init(name: "content", value: content.isEmpty && !tools.isEmpty ? .null : .string(content)),
            ])
            if !refusal.isEmpty { message["refusal"] = .string(refusal) }
            if !reasoning.isEmpty { message["reasoning_content"] = .string(reasoning) }
            if !tools.isEmpty { message["tool_calls"] = .array(tools.sorted { $0.key < $1.key }.map { $1.json }) }
            json["message"] = .object(message)
        }
        json["finish_reason"] = finish
        return .object(json)
    }
}

extension ResponseAssembler.Tool {
    fileprivate var json: JSONValue {
        .object(
            JSONObject([
                .init(name: "id", value: id.map { .string($0) } ?? .null), .init(name: "type", value: .string("function")),
                .init(
                    name: "function",
                    value: .object(
                        JSONObject([.init(name: "name", value: .string(name)), .init(name: "arguments", value: .string(arguments))]))),
            ]))
    }
}

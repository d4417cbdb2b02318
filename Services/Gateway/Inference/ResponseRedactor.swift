internal import Glibc
internal import JSON
internal import SafeText

/// Redacts errors inside responses that otherwise pass through unchanged: the `error` of a failed response in OpenAI's Responses API,
/// of a tool call, of a choice, and whatever else a provider adds.
///
/// Model output never changes: a member is an error by its name, unless it is in a place where responses have their completion.
enum ResponseRedactor {
    /// Redacts the errors in a response or in an event's data. Without an error, the bytes stay the same.
    static func redacted(_ response: [UInt8], by redaction: Redaction) -> [UInt8] {
        guard ResponseMembers.mayHaveError(response) else { return response }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: response, limits: .responses)
        } catch {
            // Beyond the parser's limits errors can't be located, so known secrets are redacted everywhere.
            return error.limit == nil ? response : redaction.withoutKnownSecrets(response)
        }
        guard case .object(let object) = json else { return response }
        let redacted = JSONValue.object(withoutSecrets(object, .response, redaction))
        return redacted == json ? response : redacted.jsonBytes()
    }

    /// The kind of the object being redacted.
    private enum Scope {
        /// A whole response, an event, or the response inside an event.
        case response
        /// A choice of a chat completion or a completion.
        case choice
        case other
    }

    private static func withoutSecrets(_ object: JSONObject, _ scope: Scope, _ redaction: Redaction) -> JSONObject {
        JSONObject(
            object.members.map { member in
                .init(name: member.name, value: withoutSecrets(member, scope, redaction))
            })
    }

    private static func withoutSecrets(_ member: JSONObject.Member, _ scope: Scope, _ redaction: Redaction) -> JSONValue {
        switch (member.name, member.value) {
        case (_, .null), (_, .bool), (_, .integer), (_, .number): return member.value
        // In a tool call, `output` is input of the model; in a response, it is the list of output items.
        case ("output", let output): return scope == .response ? withoutSecrets(in: output, .other, redaction) : output
        case ("choices", let choices): return withoutSecrets(in: choices, .choice, redaction)
        case ("response", let response): return withoutSecrets(in: response, .response, redaction)
        // In a choice, `message` is the completion. Elsewhere, a string is an error message and an object starts a stream of messages.
        case ("message", .string(let text)): return scope == .choice ? member.value : .string(redaction.redacted(error: text))
        case ("message", let message): return withoutSecrets(in: message, .other, redaction)
        case (let name, _) where ResponseMembers.isCompletion(name): return member.value
        case (let name, let error) where ResponseMembers.isError(name): return redaction.redacted(error: error)
        default: return withoutSecrets(in: member.value, .other, redaction)
        }
    }

    private static func withoutSecrets(in value: JSONValue, _ scope: Scope, _ redaction: Redaction) -> JSONValue {
        switch value {
        case .array(let values): .array(values.map { withoutSecrets(in: $0, scope, redaction) })
        case .object(let object): .object(withoutSecrets(object, scope, redaction))
        default: value
        }
    }
}

/// Classifies the members of responses by their names.
enum ResponseMembers {
    /// Members that hold output of a model or its tools, or the client's input, at any depth.
    private static let completionMembers: Set<String> = [
        "content", "text", "refusal", "output_text", "generated_text", "completion", "transcript", "audio", "parsed", "summary",
        "tool_calls", "function_call", "function", "arguments", "input", "partial_json", "custom", "action", "actions", "code", "outputs",
        "results", "result", "queries", "logs", "annotations", "citations", "logprobs", "embedding", "b64_json", "content_block",
        "instructions", "tools", "prompt", "metadata", "signature", "encrypted_content",
    ]

    static func isCompletion(_ name: String) -> Bool {
        // reasoning, reasoning_content, reasoning_details, thinking, thinking_blocks
        completionMembers.contains(name) || name.hasPrefix("reasoning") || name.hasPrefix("thinking")
    }

    /// Substrings of error members' names such as `error_message`, `exceptions`, `status_details`, `nativeError`, `failure_reason` and
    /// `stack_trace`, indexed by their first byte.
    private static let errors: [[[UInt8]]] = {
        var parts = Array(repeating: [[UInt8]](), count: 256)
        for part in ["err", "exception", "detail", "reason", "msg", "fail", "fault", "trace", "stack", "warn", "debug", "diagnos"] {
            let part = Array(part.utf8)
            parts[Int(part[0])].append(part)
        }
        return parts
    }()

    static func isError(_ name: String) -> Bool {
        name.utf8.withContiguousStorageIfAvailable { isError(Slice(base: $0, bounds: $0.indices)) } ?? isError(Array(name.utf8)[...])
    }

    private static func isError(_ name: some RandomAccessCollection<UInt8>) -> Bool {
        guard name.count <= longestName else { return false }
        var start = name.startIndex
        while start < name.endIndex {
            for part in errors[Int(name[start] | 0x20)] where name[start...].starts(with: part, by: { $0 | 0x20 == $1 }) {
                // "default" contains "fault" but isn't an error.
                return !(part.count == 5 && part[1] == UInt8(ascii: "a") && name.starts(with: "default".utf8))
            }
            start = name.index(after: start)
        }
        return false
    }

    /// The maximum length of a member name that may be an error's, in bytes.
    private static let longestName = 100

    /// Whether a response may contain an error member with a meaningful value. Most responses don't, and needn't be parsed.
    static func mayHaveError(_ response: [UInt8]) -> Bool {
        response.withUnsafeBufferPointer { bytes in
            var index = 0
            while let (name, end, isEscaped) = nextString(in: bytes, from: index) {
                index = end
                while index < bytes.count, bytes[index] <= UInt8(ascii: " ") { index += 1 }
                guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { continue }
                index += 1
                while index < bytes.count, bytes[index] <= UInt8(ascii: " ") { index += 1 }
                guard index < bytes.count, !isHarmless(bytes, index) else { continue }
                if isEscaped || name.elementsEqual("message".utf8) && bytes[index] == UInt8(ascii: "\"") { return true }
                if name.count <= longestName, mayBeError(name) { return true }
            }
            return false
        }
    }

    /// The next string: its contents, the index after it, and whether it contains escapes.
    private static func nextString(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (inside: Slice<UnsafeBufferPointer<UInt8>>, end: Int, isEscaped: Bool)? {
        guard let opening = index(of: UInt8(ascii: "\""), in: bytes, start..<bytes.count) else { return nil }
        let first = opening + 1
        var quote = index(of: UInt8(ascii: "\""), in: bytes, first..<bytes.count)
        var isEscaped = false
        var position = first
        while let escape = index(of: UInt8(ascii: "\\"), in: bytes, position..<(quote ?? bytes.count)) {
            isEscaped = true
            position = min(escape + 2, bytes.count)
            // The quote may be the escaped character.
            if let found = quote, found < position { quote = index(of: UInt8(ascii: "\""), in: bytes, position..<bytes.count) }
        }
        let end = quote ?? bytes.count
        return (bytes[first..<end], min(end + 1, bytes.count), isEscaped)
    }

    /// The index of the first such byte in a range.
    private static func index(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, let start = bytes.baseAddress, let found = memchr(start + range.lowerBound, Int32(byte), range.count) else {
            return nil
        }
        return UnsafeRawPointer(start).distance(to: found)
    }

    /// Whether a value can't contain a secret: `null`, a boolean, a number, an empty container, or a known finish reason such as `stop`.
    private static func isHarmless(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        switch bytes[start] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let next = bytes[(start + 1)...].first { $0 > UInt8(ascii: " ") }
            return next == UInt8(ascii: "}") || next == UInt8(ascii: "]")
        case UInt8(ascii: "\""):
            let word = bytes[(start + 1)...].prefix(longestWord + 1).prefix { $0 != UInt8(ascii: "\"") }
            return word.endIndex < bytes.count && bytes[word.endIndex] == UInt8(ascii: "\"") && words.contains { word.elementsEqual($0) }
        default: return true
        }
    }

    /// The known finish reasons of completions, chats and messages.
    private static let words: [[UInt8]] = [
        "", "stop", "length", "tool_calls", "content_filter", "function_call", "end_turn", "max_tokens", "stop_sequence", "tool_use", "eos",
        "max_output_tokens", "auto",
    ].map { Array($0.utf8) }
    private static let longestWord = 17

    /// Whether a member with this name may be an error. Token counts and reasoning match the substrings, but aren't errors.
    private static func mayBeError(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        isError(name) && !counts.contains { name.elementsEqual($0) } && !name.starts(with: "reasoning".utf8)
    }

    /// Members whose objects hold only numbers.
    private static let counts: [[UInt8]] = [
        "prompt_tokens_details", "completion_tokens_details", "input_tokens_details", "output_tokens_details", "cost_details",
    ].map { Array($0.utf8) }
}

internal import WireProtocol

/// Truncated inputs and outputs of a trace, for lists. The rules are MLflow's (mlflow/tracing/utils/truncation.py): the text of the
/// last message of a conversation, otherwise the value as JSON.
enum TracePreview {
    static let limit = 1000

    /// - Parameter role: the role of the message to use: `user` or `assistant`.
    static func preview(of value: AttributeValue?, role: String) -> String? {
        guard let value = value?.decoded, value != .none else { return nil }
        if case .object = value, let text = lastMessage(in: value, role: role, depth: 0), !text.isEmpty { return truncated(text) }
        if case .string(let text) = value { return truncated(text) }
        // Serializes no more of the value than is shown.
        return truncated(value.json.excerpt(limit + 1).pythonUnicodeJSONString)
    }

    static func truncated(_ text: String) -> String {
        let scalars = text.unicodeScalars
        // Counting scalars is rarely necessary.
        guard text.utf8.count > limit, scalars.count > limit else { return text }
        return String(String.UnicodeScalarView(scalars.prefix(limit - 3))) + "..."
    }

    private static func lastMessage(in value: AttributeValue, role: String, depth: Int) -> String? {
        guard case .object(let members) = value, depth < 8 else { return nil }
        for list in ["messages", "choices", "input", "output"] {
            guard case .array(let items)? = members[list], !items.isEmpty else { continue }
            let messages: [[Attribute]]
            if list == "choices" {
                guard case .object(let choice)? = items.first, let message = choice["message"].flatMap(message) else { continue }
                messages = [message]
            } else {
                messages = items.compactMap(message)
            }
            return (messages.last { $0["role"] == .string(role) } ?? messages.last).flatMap(text)
        }
        return members["request"].flatMap { lastMessage(in: $0, role: role, depth: depth + 1) }
    }

    private static func message(_ value: AttributeValue) -> [Attribute]? {
        guard case .object(let members) = value, members["role"] != nil, members["content"] != nil else { return nil }
        return members
    }

    private static func text(_ message: [Attribute]) -> String? {
        switch message["content"] {
        case .string(let text)?: return text
        case .array(let parts)?:
            for part in parts {
                if case .string(let text) = part { return text }
                guard case .object(let members) = part else { continue }
                if ["text", "output_text"].contains(members["type"]?.text) { return members["text"]?.text }
            }
            return nil
        default: return nil
        }
    }
}

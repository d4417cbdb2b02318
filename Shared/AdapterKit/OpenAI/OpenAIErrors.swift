package import JSON

/// Errors as OpenAI's API has them, `{"error": {"message", "type", "code", "param"}}`, and as services like it, and the programs and
/// proxies that they are made of, do.
package enum OpenAIErrors {
    /// The members that tell an error, in the order in which they count.
    package static let names = [
        "error", "errors", "message", "detail", "error_message", "errorMessage", "error_msg", "exception", "msg", "fault",
    ]

    package static func decode(_ response: ProviderResponse) -> ProviderError {
        guard let object = try? response.object() else { return ProviderError(undocumented: response) }
        return decode(object) ?? ProviderError(undocumented: response)
    }

    /// - Returns: `nil` for what isn't an error.
    package static func decode(_ object: JSONObject) -> ProviderError? {
        for name in names {
            guard let value = object[name], let message = message(value) else { continue }
            let error = name == "error" ? value.objectValue ?? object : object
            let code = error["code"].flatMap { $0 == .null ? nil : $0 }
            // "error" is the type of the event or object, and no type of an error.
            let type = error["type"]?.stringValue.flatMap { $0 == "error" ? nil : $0 }
            return ProviderError(message, type: type, code: code, param: error["param"]?.stringValue)
        }
        return nil
    }

    /// The reason in the value of such a member: a text, an object that has one, or a list, as FastAPI has of everything that is wrong.
    private static func message(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): return text.isEmpty ? nil : text
        case .array(let values):
            let texts = values.prefix(maximumReasons).compactMap(message)
            return texts.isEmpty ? nil : texts.joined(separator: "\n")
        case .object(let object):
            if let text = (names + ["faultstring", "reason"]).lazy.compactMap({ object[$0]?.stringValue }).first { return text }
            // A form of its own, as it is.
            return object.members.isEmpty ? nil : value.jsonString
        default: return nil
        }
    }

    private static let maximumReasons = 100
}

package import JSON

/// Decodes errors in OpenAI's format, `{"error": {"message", "type", "code", "param"}}`, and in the formats of similar services, their
/// frameworks and proxies.
package enum OpenAIErrors {
    /// The members that can contain an error, in order of precedence.
    package static let names = [
        "error", "errors", "message", "detail", "error_message", "errorMessage", "error_msg", "exception", "msg", "fault",
    ]

    /// Decodes the error in a response. If its format is unknown, the error quotes the body or the status.
    package static func decode(_ response: ProviderResponse) -> ProviderError {
        guard let object = try? response.object() else { return ProviderError(undocumented: response) }
        return decode(object) ?? ProviderError(undocumented: response)
    }

    /// Decodes the error in a response or event.
    ///
    /// - Returns: `nil` when the object isn't an error.
    package static func decode(_ object: JSONObject) -> ProviderError? {
        for name in names {
            guard let value = object[name], let message = message(value) else { continue }
            let error = name == "error" ? value.objectValue ?? object : object
            let code = error["code"].flatMap { $0 == .null ? nil : $0 }
            // "error" is the type of the event or object, not of the error.
            let type = error["type"]?.stringValue.flatMap { $0 == "error" ? nil : $0 }
            return ProviderError(message, type: type, code: code, param: error["param"]?.stringValue)
        }
        return nil
    }

    /// The reason in the value of such a member: a string, an object that contains one, or an array of these, as in FastAPI's validation
    /// errors.
    private static func message(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): return text.isEmpty ? nil : text
        case .array(let values):
            let texts = values.prefix(maximumReasons).compactMap(message)
            return texts.isEmpty ? nil : texts.joined(separator: "\n")
        case .object(let object):
            if let text = (names + ["faultstring", "reason"]).lazy.compactMap({ object[$0]?.stringValue }).first { return text }
            // An unknown format: quote it as JSON.
            return object.members.isEmpty ? nil : value.jsonString
        default: return nil
        }
    }

    private static let maximumReasons = 100
}

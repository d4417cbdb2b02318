package import JSON

/// Errors as OpenAI's API has them, `{"error": {"message", "type", "code", "param"}}`, and as services like it do.
package enum OpenAIErrors {
    package static func decode(_ answer: ProviderAnswer) -> ProviderError {
        guard let object = try? answer.object() else { return ProviderError(undocumented: answer) }
        return decode(object) ?? ProviderError(undocumented: answer)
    }

    package static func decode(_ object: JSONObject) -> ProviderError? {
        switch object["error"] {
        case .object(let error):
            guard let message = error["message"]?.stringValue else { return nil }
            let code = error["code"].flatMap { $0 == .null ? nil : $0 }
            return ProviderError(message, type: error["type"]?.stringValue, code: code, param: error["param"]?.stringValue)
        case .string(let message): return ProviderError(message)
        default:
            guard let message = object["message"]?.stringValue ?? object["detail"]?.stringValue else { return nil }
            // "error" is the type of the event or object, and no type of an error.
            let type = object["type"]?.stringValue.flatMap { $0 == "error" ? nil : $0 }
            let code = object["code"].flatMap { $0 == .null ? nil : $0 }
            return ProviderError(message, type: type, code: code, param: object["param"]?.stringValue)
        }
    }
}

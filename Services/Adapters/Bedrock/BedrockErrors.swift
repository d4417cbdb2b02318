internal import AdapterKit
internal import JSON

/// Decodes Bedrock's errors: `{"message": "…"}`, with the type in a header.
enum BedrockErrors {
    static func decode(_ response: ProviderResponse) -> ProviderError {
        let object = try? response.object()
        let header = response.headers.first { $0.name == "x-amzn-errortype" }?.value
        guard let object, let message = message(object) else {
            var error = ProviderError(undocumented: response)
            error.type = header.map(type)
            return error
        }
        return ProviderError(message, type: (header ?? object["__type"]?.stringValue).map(type))
    }

    /// The exception that ends a stream.
    static func decode(_ message: EventStreamMessage) -> ProviderError {
        let object = try? message.object()
        let text = object.flatMap(Self.message) ?? message.headers[":error-message"] ?? "the provider's stream failed"
        // In a stream, the names begin with a lowercase letter.
        let name = message.headers[":exception-type"] ?? message.headers[":error-code"]
        return ProviderError(text, type: name.map { $0.prefix(1).uppercased() + $0.dropFirst() })
    }

    /// The message. Authentication errors capitalize its name.
    private static func message(_ object: JSONObject) -> String? {
        [object["message"], object["Message"], object["originalMessage"]].lazy.compactMap { $0?.stringValue }.first
    }

    /// Extracts the name from `NAME:http://…` and `com.amazon…#NAME`.
    private static func type(_ text: String) -> String {
        let name = text.prefix { $0 != ":" }
        return String(name.split(separator: "#").last ?? name)
    }
}

package import JSON

/// Reads requests of OpenAI's API for adapters that translate them.
package enum OpenAIRequest {
    /// A parameter that a provider doesn't support, with the neutral values that have no effect and are accepted.
    package typealias UnsupportedParameter = (name: String, neutral: [JSONValue])

    /// Rejects a request with parameters that the provider doesn't support.
    ///
    /// - Parameter models: the subject of the error message: "Cohere's models".
    package static func rejectUnsupported(
        _ members: [UnsupportedParameter], in request: JSONObject, of models: String
    ) throws(AdapterError) {
        for (name, neutral) in members {
            guard let value = request[name], value != .null, !neutral.contains(value) else { continue }
            throw .unsupported("\(models) don't support '\(name)'")
        }
    }

    /// The messages of a chat; at least one.
    package static func messages(_ request: JSONObject) throws(AdapterError) -> [JSONValue] {
        guard let messages = request["messages"]?.arrayValue, !messages.isEmpty else {
            throw .invalid("'messages' must be an array with at least one message")
        }
        return messages
    }

    /// The prompt of a completion, for providers that accept a single string.
    package static func prompt(_ request: JSONObject, of models: String) throws(AdapterError) -> String {
        let prompts = request["prompt"]?.stringValue.map { [$0] } ?? request["prompt"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard prompts.count == 1, let prompt = prompts.first, request["prompt"]?.arrayValue?.count ?? 1 == 1 else {
            throw .unsupported("\(models) accept only a single 'prompt', which must be a string")
        }
        return prompt
    }

    /// The strings to be embedded, for providers that accept strings and return floats.
    package static func embeddingInputs(_ request: JSONObject, of models: String) throws(AdapterError) -> [JSONValue] {
        let input = request["input"]
        let texts = input?.stringValue.map { [JSONValue.string($0)] } ?? input?.arrayValue ?? []
        guard !texts.isEmpty, texts.allSatisfy({ $0.stringValue != nil }) else {
            throw .unsupported("\(models) embed text only: 'input' must be a string or an array of strings")
        }
        guard [nil, .null, "float", "base64"].contains(request["encoding_format"]) else {
            throw .invalid("'encoding_format' must be float or base64")
        }
        return texts
    }

    /// Whether the client requests embeddings as base64, as OpenAI's own clients do by default.
    package static func wantsBase64(_ request: JSONObject) -> Bool { request["encoding_format"] == "base64" }

    /// The stop sequences, as an array.
    package static func stopSequences(_ request: JSONObject) -> JSONValue? {
        guard let stop = request["stop"], stop != .null else { return nil }
        return stop.stringValue.map { [.string($0)] } ?? stop
    }

    /// The maximum length of the response, in tokens.
    package static func maximumTokens(_ request: JSONObject) -> Int64? {
        [request["max_completion_tokens"], request["max_tokens"]].lazy.compactMap { $0?.integerValue }.first
    }

    /// Copies parameters under the provider's names for them.
    package static func mapParameters(
        _ names: [(ours: String, theirs: String)], from request: JSONObject, to body: inout JSONObject
    ) {
        for (ours, theirs) in names {
            if let value = request[ours], value != .null { body[theirs] = value }
        }
    }

    /// The requested format of a response.
    package enum ResponseFormat: Equatable {
        case text
        case json
        case schema(JSONValue)
    }

    /// The `response_format` of a request.
    package static func responseFormat(_ request: JSONObject) throws(AdapterError) -> ResponseFormat {
        let format = request["response_format"]
        switch format?["type"]?.stringValue {
        case nil where format == nil || format == .null: return .text
        case "text": return .text
        case "json_object": return .json
        case "json_schema":
            guard let schema = format?["json_schema"]?["schema"] else {
                throw .invalid("'response_format.json_schema.schema' is missing")
            }
            return .schema(schema)
        default: throw .invalid("'response_format.type' must be text, json_object or json_schema")
        }
    }
}

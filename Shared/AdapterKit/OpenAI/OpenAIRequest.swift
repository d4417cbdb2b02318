package import JSON

/// Reads requests of OpenAI's API for adapters that translate them.
package enum OpenAIRequest {
    /// A member that a provider has nothing for, with the values that change nothing and so are let through.
    package typealias UnsupportedParameter = (name: String, neutral: [JSONValue])

    /// Refuses a request that asks for what the provider can't do.
    ///
    /// - Parameter models: names the provider's models in the error: "Cohere's models".
    package static func rejectUnsupported(
        _ members: [UnsupportedParameter], in request: JSONObject, of models: String
    ) throws(AdapterError) {
        for (name, neutral) in members {
            guard let value = request[name], value != .null, !neutral.contains(value) else { continue }
            throw .unsupported("\(models) can't do '\(name)'")
        }
    }

    /// The messages of a chat; one at least.
    package static func messages(_ request: JSONObject) throws(AdapterError) -> [JSONValue] {
        guard let messages = request["messages"]?.arrayValue, !messages.isEmpty else {
            throw .invalid("'messages' must be a list with a message")
        }
        return messages
    }

    /// The prompt of a completion, for providers that take one text.
    package static func prompt(_ request: JSONObject, of models: String) throws(AdapterError) -> String {
        let prompts = request["prompt"]?.stringValue.map { [$0] } ?? request["prompt"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard prompts.count == 1, let prompt = prompts.first, request["prompt"]?.arrayValue?.count ?? 1 == 1 else {
            throw .unsupported("\(models) take one 'prompt', a text")
        }
        return prompt
    }

    /// The texts that are to be embedded, for providers that take texts and give numbers.
    package static func embeddingInputs(_ request: JSONObject, of models: String) throws(AdapterError) -> [JSONValue] {
        let input = request["input"]
        let texts = input?.stringValue.map { [JSONValue.string($0)] } ?? input?.arrayValue ?? []
        guard !texts.isEmpty, texts.allSatisfy({ $0.stringValue != nil }) else {
            throw .unsupported("\(models) embed texts: 'input' must be a text or a list of texts")
        }
        guard [nil, .null, "float", "base64"].contains(request["encoding_format"]) else {
            throw .invalid("'encoding_format' must be float or base64")
        }
        return texts
    }

    /// Whether embeddings are to be given as base64, which OpenAI's own clients ask for unless told otherwise.
    package static func wantsBase64(_ request: JSONObject) -> Bool { request["encoding_format"] == "base64" }

    /// The texts at which the model is to stop, as a list.
    package static func stopSequences(_ request: JSONObject) -> JSONValue? {
        guard let stop = request["stop"], stop != .null else { return nil }
        return stop.stringValue.map { [.string($0)] } ?? stop
    }

    /// The longest response, in tokens.
    package static func maximumTokens(_ request: JSONObject) -> Int64? {
        [request["max_completion_tokens"], request["max_tokens"]].lazy.compactMap { $0?.integerValue }.first
    }

    /// Copies members under the names that the provider has for them.
    package static func mapParameters(
        _ names: [(ours: String, theirs: String)], from request: JSONObject, to body: inout JSONObject
    ) {
        for (ours, theirs) in names {
            if let value = request[ours], value != .null { body[theirs] = value }
        }
    }

    /// What a response must look like.
    package enum ResponseFormat: Equatable {
        case text
        case json
        case schema(JSONValue)
    }

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

package import JSON

/// A request to a route of MLflow 2.5's gateway.
///
/// Format: `mlflow/gateway/schemas` and `mlflow/gateway/providers` of MLflow 2.5.
package struct MLflow25Request: Sendable, Equatable {
    private let routeType: MLflow25RouteType
    /// The members with MLflow's defaults and without nulls.
    private let payload: JSONObject

    /// The default and the maximum of `max_tokens` for Anthropic's models.
    private static let anthropicTokens: (default: Int64, maximum: Int64) = (200_000, 1_000_000)

    /// Validates a body against the schema of the route's type.
    ///
    /// - Parameter body: the request body; null if there is none.
    /// - Throws: FastAPI's error, status 422 with a list of all problems.
    package init(_ body: JSONValue, for routeType: MLflow25RouteType) throws(MLflow25Error) {
        guard let members = body.asPythonObject else {
            throw MLflow25Error([MLflow25Problem(location: ["body"], kind: body == .null ? .missing : .notObject)])
        }
        var fields = MLflow25Fields(members)
        if routeType == .embeddings {
            fields.stringOrStrings("text")
        } else {
            fields.number("temperature", default: 0, in: 0...1)
            fields.integer("candidate_count", default: 1, in: 1...5)
            fields.optionalStrings("stop")
            fields.optionalInteger("max_tokens", in: 1...Int64.max)
        }
        switch routeType {
        case .chat:
            fields.objects("messages") { message in
                message.string("role")
                message.string("content")
            }
        case .completions: fields.string("prompt")
        case .embeddings: break
        }
        guard fields.problems.isEmpty else { throw MLflow25Error(fields.problems) }
        self.routeType = routeType
        payload = fields.members.withoutNulls
    }

    /// The request in OpenAI's format, for the provider's adapter. Members outside the schema pass through.
    ///
    /// Unlike in MLflow 2.5, chats also work for Anthropic and Cohere. A prompt for Anthropic isn't wrapped in "Human:" and
    /// "Assistant:", since the adapter sends it as a user message, which has the same effect.
    ///
    /// - Parameters:
    ///   - provider: the `provider` of the configuration.
    ///   - completionsAsChat: whether to send the prompt of a completion as a chat message, as MLflow 2.5 does for OpenAI.
    ///     `MLflow25Response` also converts the response to that.
    ///   - maximumOutputTokens: the model's limit on completion tokens; `nil` if unknown. MLflow's default for Anthropic exceeds what
    ///     today's models accept, so it is capped by this, or left to the adapter.
    /// - Returns: the task for the adapter, and the request without `model`.
    /// - Throws: the error of MLflow's provider for a parameter that it rejects.
    package func openAI(
        for provider: String, completionsAsChat: Bool, maximumOutputTokens: Int64? = nil
    ) throws(MLflow25Error) -> (task: OpenAITask, body: JSONObject) {
        let provider = MLflow25Provider(provider)
        try rejectUnsupported(for: provider)
        var body = payload
        // These schemas have no streaming, and embeddings only as numbers.
        body["stream"] = nil
        body["stream_options"] = nil
        guard routeType != .embeddings else {
            body["encoding_format"] = nil
            body["input"] = body.take("text")
            return (.embeddings, body)
        }
        body["n"] = body.take("candidate_count")
        body["temperature"] = (body["temperature"]?.doubleValue).map { .number($0 * provider.temperatureScale) }
        if provider == .anthropic, body["max_tokens"] == nil, let maximumOutputTokens {
            body["max_tokens"] = .integer(min(Self.anthropicTokens.default, maximumOutputTokens))
        }
        guard routeType == .completions else { return (.chat, body) }
        guard completionsAsChat else { return (.completions, body) }
        body["messages"] = [["role": "user", "content": body.take("prompt") ?? ""]]
        return (.chat, body)
    }

    /// The upper bound on the tokens of the request, computed from the converted body, since the original may have numbers as strings.
    package var bound: TokenBound {
        var counted = payload
        if routeType == .embeddings { counted["input"] = counted.take("text") }
        return TokenBound(counted)
    }

    /// Rejects what MLflow's providers reject, in the same order.
    private func rejectUnsupported(for provider: MLflow25Provider) throws(MLflow25Error) {
        guard payload["model"] == nil else {
            throw MLflow25Error(
                422,
                "The parameter 'model' is not permitted to be passed. "
                    + "The route being queried already defines a model instance.")
        }
        switch provider {
        case .cohere:
            let ofTexts = [("stop", "stop_sequences"), ("candidate_count", "num_generations")]
            for (ours, theirs) in routeType == .embeddings ? [("text", "texts")] : ofTexts where payload[theirs] != nil {
                throw MLflow25Error(400, "Invalid parameter \(theirs). Use \(ours) instead.")
            }
        case .anthropic where routeType != .embeddings: try rejectUnsupportedForAnthropic()
        case .anthropic, .openAI, .other: break
        }
        if routeType != .embeddings, payload["n"] != nil {
            throw MLflow25Error(400, "Invalid parameter `n`. Use `candidate_count` instead.")
        }
        if payload["stream"] == true || payload["stream"] == "true" { throw Self.streamingNotSupported }
    }

    private func rejectUnsupportedForAnthropic() throws(MLflow25Error) {
        guard payload["top_p"] == nil else {
            throw MLflow25Error(
                422,
                "Cannot set both 'temperature' and 'top_p' parameters. "
                    + "Please use only the temperature parameter for your query.")
        }
        let maximum = Self.anthropicTokens.maximum
        if let tokens = payload["max_tokens"]?.integerValue, tokens > maximum {
            throw MLflow25Error(422, "Invalid value for max_tokens: cannot exceed \(maximum).")
        }
        guard payload["stream"] != "true" else { throw Self.streamingNotSupported }
        if let count = payload["candidate_count"]?.integerValue, count != 1 {
            throw MLflow25Error(422, "'candidate_count' must be '1' for the Anthropic provider. Received value: '\(count)'.")
        }
    }

    private static let streamingNotSupported = MLflow25Error(
        422, "Setting the 'stream' parameter to 'true' is not supported with the MLflow Gateway.")
}

extension JSONObject {
    /// Removes a member and returns its value.
    fileprivate mutating func take(_ name: String) -> JSONValue? {
        defer { self[name] = nil }
        return self[name]
    }
}
